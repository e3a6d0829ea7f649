"""What is read back from files, which somebody may have damaged by hand: all that is wrong with it is a ValueError."""

import json
import re
from datetime import datetime

_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def document(data: bytes | str) -> object:
    """The JSON in ``data``. Raises ValueError, also when it is nested deeper than Python reads."""
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def moment(text: str) -> datetime:
    """The time in ``text``, which stands as in the log: "2027-01-11T09:30:00Z". Raises ValueError."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"{text!r:.40} is no time in UTC of this century")
    return datetime.fromisoformat(text)


def checked(record: dict, forms: dict[str, type | tuple[type, ...]]) -> dict:
    """What ``record`` has of ``forms``, each of its type. Raises ValueError that names the part and not the value."""
    if not isinstance(record, dict):
        raise ValueError("no record")
    for name, form in forms.items():
        if name in record and type(record[name]) not in (form if isinstance(form, tuple) else (form,)):
            raise ValueError(f"{name} is of another kind")
    return {name: record[name] for name in forms if name in record}
