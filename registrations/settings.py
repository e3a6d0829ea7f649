"""Settings, read once at the start from the environment. A wrong one stops the start with a sentence that mends it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registrations.catalogue import CatalogueFile
from registrations.errors import SettingError
from registrations.folder import FolderStore
from registrations.post import Post, post_from
from registrations.store import Store


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the environment says. ``store`` and ``post`` touch nothing before they are used."""

    store: Store
    post: Post
    catalogue: CatalogueFile
    limits: bool
    host: str
    port: int


DEFAULTS = {
    "REGISTRATIONS_STORE": "file:var/registrations",
    "REGISTRATIONS_MAIL": "outbox:var/outbox",
    "REGISTRATIONS_CATALOGUE": "var/catalogue.json",
    "REGISTRATIONS_LIMITS": "on",
    "SITEURL": "",
    "HOST": "127.0.0.1",
    "PORT": "8000",
}


def read(environment: Mapping[str, str]) -> Settings:
    """The settings. Raises SettingError on the first that can't be used."""
    value = {name: environment.get(name) or default for name, default in DEFAULTS.items()}
    return Settings(
        store=_store(value["REGISTRATIONS_STORE"]),
        post=post_from(value["REGISTRATIONS_MAIL"]),
        catalogue=_catalogue(value["REGISTRATIONS_CATALOGUE"], _siteurl(value["SITEURL"])),
        limits=_on_or_off("REGISTRATIONS_LIMITS", value["REGISTRATIONS_LIMITS"]),
        host=value["HOST"],
        port=_port(value["PORT"]),
    )


def _store(text: str) -> Store:
    if match := re.fullmatch(r"file:(.+)", text):
        return FolderStore(Path(match[1]))
    raise SettingError("REGISTRATIONS_STORE", text, "skriv file:MAPP. Den här versionen kan inget annat.")


def _catalogue(text: str, siteurl: str | None) -> CatalogueFile:
    return CatalogueFile(Path(text), siteurl=siteurl)


def _on_or_off(name: str, text: str) -> bool:
    if text not in ("on", "off"):
        raise SettingError(name, text, "skriv on eller off.")
    return text == "on"


def _siteurl(text: str) -> str | None:
    if text and not re.fullmatch(r"https?://[^/\s]+", text.rstrip("/")):
        raise SettingError("SITEURL", text, "skriv webbplatsens adress, till exempel https://www.qjouren.se")
    return text.rstrip("/") or None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise SettingError("PORT", text, "skriv ett tal från 1 till 65535, eller 0 för vilken ledig port som helst.")
    return int(text)
