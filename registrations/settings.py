"""Settings, read once at the start from the environment. A wrong one stops the start with a sentence that mends it."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from registrations.catalogue import CatalogueFile, Source
from registrations.errors import SettingError
from registrations.folder import FolderStore
from registrations.limits import Network
from registrations.published import PublishedCatalogue
from registrations.store import Store

if TYPE_CHECKING:
    from registrations.post import Post


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the environment says. ``store`` and ``post`` touch nothing before they are used."""

    store: Store
    post: "Post | None"  # None where no letters are sent
    catalogue: Source
    limits: bool
    verify: bool
    proxies: tuple[Network, ...]  # whose X-Forwarded-For is believed, beside this machine's
    host: str
    port: int


PUBLISHED = "store"  # the catalogue that was published into the store, instead of a file

DEFAULTS = {
    "REGISTRATIONS_STORE": "file:var/registrations",
    "REGISTRATIONS_MAIL": "outbox:var/outbox",
    "REGISTRATIONS_CATALOGUE": "var/catalogue.json",
    "REGISTRATIONS_LIMITS": "on",
    "REGISTRATIONS_VERIFY": "off",
    "REGISTRATIONS_PROXIES": "",
    "SITEURL": "",
    "HOST": "127.0.0.1",
    "PORT": "8000",
}


def read(environment: Mapping[str, str], *, letters: bool = True) -> Settings:
    """The settings; without ``letters`` without those of the mail. Raises SettingError on the first that can't be used."""
    value = {name: chosen(name, environment) for name in DEFAULTS}
    store = store_from(value["REGISTRATIONS_STORE"], environment)
    return Settings(
        store=store,
        post=_post(value["REGISTRATIONS_MAIL"]) if letters else None,
        catalogue=_catalogue(value["REGISTRATIONS_CATALOGUE"], store, _siteurl(value["SITEURL"])),
        limits=_on_or_off("REGISTRATIONS_LIMITS", value["REGISTRATIONS_LIMITS"]),
        verify=_on_or_off("REGISTRATIONS_VERIFY", value["REGISTRATIONS_VERIFY"]),
        proxies=_proxies(value["REGISTRATIONS_PROXIES"]),
        host=value["HOST"],
        port=_port(value["PORT"]),
    )


def chosen(name: str, environment: Mapping[str, str]) -> str:
    """The setting ``name`` as the environment has it, or its default."""
    return environment.get(name) or DEFAULTS[name]


def store_from(text: str, environment: Mapping[str, str], *, setting: str = "REGISTRATIONS_STORE") -> Store:
    """The store that ``text`` names, untouched. Raises SettingError, about ``setting`` or a variable of the provider's."""
    if match := re.fullmatch(r"file:(.+)", text):
        return FolderStore(Path(match[1]))
    if re.match(r"(s3|az|gs)://", text):
        from registrations.bucket import Bucket  # who keeps sign-ups in a folder needs none of it

        return Bucket(text, environment, setting=setting)
    shown = re.sub(r"//[^/]*@", "//…@", text)
    raise SettingError(setting, shown, "skriv file:MAPP, s3://HINK/MAPP, az://BEHÅLLARE/MAPP eller gs://HINK/MAPP.")


def _post(text: str) -> "Post":
    from registrations.post import post_from  # 40 ms to import, and a sign-up sends no letter

    return post_from(text)


def _catalogue(text: str, store: Store, siteurl: str | None) -> Source:
    if text == PUBLISHED:
        return PublishedCatalogue(store, siteurl=siteurl)
    return CatalogueFile(Path(text), siteurl=siteurl)


def _on_or_off(name: str, text: str) -> bool:
    if text not in ("on", "off"):
        raise SettingError(name, text, "skriv on eller off.")
    return text == "on"


def _proxies(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        words = (
            "skriv webbserverns adress eller nät, till exempel 192.0.2.10 eller 2001:db8::/64, med komma mellan flera."
        )
        raise SettingError("REGISTRATIONS_PROXIES", text, words) from None


def _siteurl(text: str) -> str | None:
    if text and not re.fullmatch(r"https?://[^/\s]+", text.rstrip("/")):
        raise SettingError("SITEURL", text, "skriv webbplatsens adress, till exempel https://www.qjouren.se")
    return text.rstrip("/") or None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise SettingError("PORT", text, "skriv ett tal från 1 till 65535, eller 0 för vilken ledig port som helst.")
    return int(text)
