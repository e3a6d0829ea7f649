"""The file ``_headers`` in the site: static hosts (Netlify, Cloudflare Pages) then send the same headers as our own server."""

from pathlib import Path

from pelican.plugins import signals

from registrations.headers import static_host

NAME = "_headers"


def _finalized(pelican: object) -> None:
    settings = pelican.settings
    text = static_host(settings["ASSETS"].policy(), preview=settings["PREVIEW"])
    Path(settings["OUTPUT_PATH"], NAME).write_text(text, "utf-8")


def register() -> None:
    """Pelican calls this."""
    signals.finalized.connect(_finalized)
