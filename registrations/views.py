"""The collector's own HTML and text: Jinja templates in ``templates/``, always escaped. No look: that is the theme's."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # 70 ms to import, and a sign-up needs none

    return Environment(
        loader=PackageLoader("registrations"),
        autoescape=lambda name: not (name or "").endswith(".txt"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: object) -> str:
    """``templates/<template>`` filled with ``values``."""
    return _environment().get_template(template).render(**values)
