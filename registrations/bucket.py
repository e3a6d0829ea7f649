"""A store in an object store's bucket: S3 and what speaks its language, Azure Blob Storage, Google Cloud Storage.

A put is durable when it is answered, and a name is claimed by a put that fails when the name exists. An answer that never
came, or that says that the server failed, tells nothing of what was done. So the same put is tried again; if the name then
exists, what stands there says whose it is. The library's own retries are off: they would report our own success as
another's.

Keys, endpoint and region come from the variables that each provider's own tools read: ``AWS_…``, ``AZURE_STORAGE_…``,
``GOOGLE_…``.
"""

import json
import random
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from registrations.errors import SettingError, StoreError, Unclear, Unusable
from registrations.store import NOTHING

TIMEOUT = 5.0  # seconds for one call
PATIENCE = 12.0  # seconds during which a call that failed is begun anew
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
SIDE_BY_SIDE = 8  # calls at once
LEASE = timedelta(minutes=15)  # as long as a function may run

FORM = "skriv {0}://NAMN eller {0}://NAMN/MAPP, där NAMN är {1}."
KINDS = {"s3": "hinken (bucket)", "az": "behållaren (container)", "gs": "hinken (bucket)"}
_URL = re.compile(r"(s3|az|gs)://([a-z0-9][a-z0-9._-]+)((?:/(?!\.)[A-Za-z0-9._-]+)*)/?")
_VARIABLES = {
    "s3": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION"),
    "az": ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_ENDPOINT"),
    "gs": ("GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_KEY", "GOOGLE_APPLICATION_CREDENTIALS"),
}
_KEYS = {"s3": _VARIABLES["s3"][:2], "az": _VARIABLES["az"][:2], "gs": ("GOOGLE_APPLICATION_CREDENTIALS",)}
# What a provider's own machines have instead. With neither the library would ask the network who we are, and wait.
_INSTEAD = {
    "s3": (
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ),
    "az": ("AZURE_STORAGE_SAS_KEY", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE", "IDENTITY_ENDPOINT"),
    "gs": ("GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_KEY", "K_SERVICE"),
}

_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound")
_UNDECIDED = ("ConditionalRequestConflict", "OperationAborted")  # two puts met, and neither was made
_NOT_FOUND, _CONFLICT = 404, 409
_PASSING = (408, _CONFLICT, 425, 429)  # of the answers 400–499, those that may be another one next time

_Result = TypeVar("_Result")


def _now() -> datetime:
    return datetime.now(UTC)


class Bucket:
    """The store at ``url``: s3://bucket/prefix, az://container/prefix or gs://bucket/prefix.

    Nothing is touched before the first call. Raises SettingError, with ``setting`` as the name of the setting.
    """

    crowded = True

    def __init__(
        self,
        url: str,
        environment: Mapping[str, str],
        *,
        setting: str = "REGISTRATIONS_STORE",
        timeout: float = TIMEOUT,
        patience: float = PATIENCE,
        now: Callable[[], datetime] = _now,
    ):
        match = _URL.fullmatch(url)
        if not match:
            scheme = url.partition(":")[0]
            raise SettingError(setting, _without_keys(url), FORM.format(scheme, KINDS[scheme]))
        scheme, bucket, prefix = match.groups()
        self._url, self._patience, self._now = f"{scheme}://{bucket}{prefix}", patience, now
        self._store = _open(scheme, bucket, prefix.strip("/"), environment, timeout=timeout, setting=setting)

    def __repr__(self) -> str:
        return self._url

    def read(self, name: str) -> bytes | None:
        return self._persist(name, lambda: self._get(name))

    def names(self, folder: str, after: str = "") -> list[str]:
        inside = f"{folder}/" if folder else ""

        def listed() -> set[str]:
            if after:
                paths = self._paths(folder, offset=inside + after)
            else:
                found = self._store.list_with_delimiter(folder or None)
                paths = [*found["common_prefixes"], *(each["path"] for each in found["objects"])]
            return {path.removeprefix(inside).partition("/")[0] for path in paths}

        found = self._persist(folder, listed)
        return sorted(part for part in found if part > after and not part.startswith("."))

    def walk(self) -> list[str]:
        paths = self._persist("", lambda: self._paths(None))
        return sorted(path for path in paths if not path.startswith(".") and "/." not in path)

    def write(self, name: str, data: bytes) -> None:
        self._persist(name, lambda: self._put(name, data, "overwrite"), failure=Unclear)

    def settle(self, folder: str) -> None:
        """A put is durable when it is answered."""

    def read_all(self, names: Sequence[str]) -> list[bytes | None]:
        """What ``read`` gives for each of ``names``, side by side."""
        return self._side_by_side(self.read, names)

    def write_all(self, files: Mapping[str, bytes]) -> None:
        """``write`` each of ``files``, side by side."""
        self._side_by_side(lambda name: self.write(name, files[name]), list(files))

    def claim(self, name: str, data: bytes, *, first: Mapping[str, bytes] = NOTHING) -> bool:
        self.write_all(first)
        tried = False  # and nothing is known of how it went

        def put() -> bool:
            nonlocal tried
            from obstore.exceptions import AlreadyExistsError

            try:
                self._put(name, data, "create")
            except AlreadyExistsError as error:
                if _code(error) in _UNDECIDED:
                    raise
                return tried and self._get(name) == data
            except Exception:
                tried = True
                raise
            return True

        return self._persist(name, put, failure=Unclear)

    def delete(self, name: str) -> None:
        def gone() -> None:
            try:
                self._store.delete(name)
            except FileNotFoundError as error:
                if _code(error) in _NO_BUCKET:
                    raise

        self._persist(name, gone, failure=Unclear)

    @contextmanager
    def turn(self, name: str, *, wait: bool = True) -> Iterator[bool]:
        """With ``wait`` nobody is kept out: the log's numbers settle who was first.

        Without, a lease: the last of the numbered objects below ``name`` says until when somebody has the turn, and the
        next number is claimed. It ends with the work, or after 15 minutes if the process died. Clocks that differ by more
        than that give the turn to two at once, or delay it: two letters with the same Message-ID, or late ones; never a
        seat, since no clock takes part in the log.
        """
        if wait:
            yield True
            return
        mine = self._take(name)
        try:
            yield mine is not None
        finally:
            if mine is not None:
                with suppress(StoreError):  # it ends by itself
                    self.write(f"{name}/{mine}", self._lease(self._now()))

    def sweep(self, folder: str) -> None:
        """An object is there as a whole or not at all."""

    def _side_by_side(self, call: Callable[[str], _Result], names: Sequence[str]) -> list[_Result]:
        if len(names) < 2:
            return [call(name) for name in names]
        with ThreadPoolExecutor(min(len(names), SIDE_BY_SIDE)) as pool:
            return list(pool.map(call, names))

    def _take(self, name: str) -> str | None:
        """The lease's number, if it could be had."""
        earlier = self.names(name)
        if earlier and self._until(f"{name}/{earlier[-1]}") > self._now():
            return None
        mine = f"{int(earlier[-1]) + 1 if earlier else 1:08}"
        if not self.claim(f"{name}/{mine}", self._lease(self._now() + LEASE)):
            return None
        if self.names(name, after=mine):  # we were asleep: others came, went and cleared our number away
            self.delete(f"{name}/{mine}")
            return None
        for number in earlier:
            self.delete(f"{name}/{number}")
        return mine

    def _until(self, name: str) -> datetime:
        try:
            return datetime.fromisoformat(json.loads(self.read(name) or b"")["until"])
        except (ValueError, KeyError, TypeError):  # gone in the meantime, or nobody's: it holds nothing
            return datetime.min.replace(tzinfo=UTC)

    def _lease(self, until: datetime) -> bytes:
        return json.dumps({"until": until.isoformat(), "holder": secrets.token_hex(8)}).encode()

    def _get(self, name: str) -> bytes | None:
        try:
            return bytes(self._store.get(name).bytes())
        except FileNotFoundError as error:
            if _code(error) in _NO_BUCKET:
                raise
            return None

    def _put(self, name: str, data: bytes, mode: str) -> None:
        self._store.put(name, data, mode=mode, use_multipart=False)

    def _paths(self, folder: str | None, offset: str | None = None) -> list[str]:
        """Every path in ``folder`` and below, after ``offset``."""
        pages = self._store.list(folder or None, offset=offset, chunk_size=1000)
        return [each["path"] for page in pages for each in page]

    def _persist(self, name: str, call: Callable[[], _Result], *, failure: type[StoreError] = StoreError) -> _Result:
        """What ``call`` gives, tried again while another try may help. Raises Unusable at once, ``failure`` in the end.

        The library's own words are dropped: they hold the whole address, with a registration's id.
        """
        from obstore.exceptions import BaseError

        end, pause = time.monotonic() + self._patience, FIRST_PAUSE
        while True:
            try:
                return call()
            except (BaseError, OSError) as error:
                if words := _final(error):
                    raise Unusable(self._full(name), words) from None
                if time.monotonic() + pause > end:
                    status = _status(error)
                    said = f"svarade {status} {_code(error)}".rstrip() if status else "svarar inte"
                    raise failure(self._full(name), f"objektlagret {said}. Försök igen om en stund.") from None
            time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - those who met shouldn't meet again
            pause = min(pause * 2, LONGEST_PAUSE)

    def _full(self, name: str) -> str:
        return f"{self._url}/{name}".rstrip("/")


def _open(
    scheme: str, bucket: str, prefix: str, environment: Mapping[str, str], *, timeout: float, setting: str
) -> object:
    """The library's store. Raises SettingError on variables that can't be used."""
    from obstore.exceptions import BaseError
    from obstore.store import AzureStore, GCSStore, S3Store

    config = {name: environment[name] for name in _VARIABLES[scheme] if environment.get(name)}
    _check_keys(scheme, environment)
    for name in config:
        if "ENDPOINT" in name and not re.fullmatch(r"https?://[^/\s@]+(/[^\s]*)?", config[name]):
            raise SettingError(
                name, _without_keys(config[name]), "skriv en adress som börjar med https:// eller http://"
            )
    plain = any(value.startswith("http://") for name, value in config.items() if "ENDPOINT" in name)
    limit = timedelta(seconds=timeout)
    make = {"s3": S3Store, "az": AzureStore, "gs": GCSStore}[scheme]
    try:
        return make(
            bucket,
            prefix=prefix or None,
            config={name.lower(): value for name, value in config.items()},
            client_options={"timeout": limit, "connect_timeout": limit, "allow_http": plain},
            retry_config={"max_retries": 0},
        )
    except (BaseError, OSError, ValueError):  # its words may hold the key
        names = " och ".join(config)
        raise SettingError(setting, f"{scheme}://{bucket}", f"går inte att öppna. Kontrollera {names}.") from None


def _check_keys(scheme: str, environment: Mapping[str, str]) -> None:
    missing = [name for name in _KEYS[scheme] if not environment.get(name)]
    if any(environment.get(name) for name in _INSTEAD[scheme]):
        missing = [name for name in missing if name == "AZURE_STORAGE_ACCOUNT_NAME"]
    if missing:
        remedy = f"saknas. Sätt {' och '.join(missing)} till det som din leverantör har gett dig."
        raise SettingError(missing[0], "", remedy)


def _final(error: Exception) -> str:
    """What to say of a failure that would be the same next time; nothing of one that may pass."""
    status, code = _status(error), _code(error)
    if code in _NO_BUCKET or status == _NOT_FOUND:
        return "det finns ingen sådan hink eller behållare. Skapa den, eller rätta namnet eller adressen till tjänsten."
    if code == "RequestTimeTooSkewed":
        return "datorns klocka går fel. Ställ den rätt."
    if code == "AccessDenied":
        return "nyckeln räcker inte (AccessDenied). Den behöver få läsa, skriva, radera och lista."
    if status in (401, 403) or code == "ExpiredToken":
        return f"nyckeln godkänns inte ({code or status}). Kontrollera nyckeln, och att datorns klocka går rätt."
    if "configured region" in str(error):
        return "regionen är fel. Sätt AWS_REGION till den som hinken ligger i."
    if "builder error" in str(error):
        return "adressen till tjänsten går inte att använda. Rätta den."
    if status and 400 <= status < 500 and status not in _PASSING:
        return f"objektlagret förstod inte ({status} {code}). Kontrollera namnet, adressen till tjänsten och regionen."
    return ""


def _status(error: Exception) -> int:
    """The HTTP status of the answer; 0 when there was none."""
    match = _STATUS.search(str(error))
    return int(match[1]) if match else 0


def _code(error: Exception) -> str:
    match = _CODE.search(str(error))
    return match[1] if match else ""


def _without_keys(url: str) -> str:
    return re.sub(r"//[^/]*@", "//…@", url)
