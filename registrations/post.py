"""Handing letters over: to a folder (one ``.eml`` file each) or to a mail server."""

import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from registrations.errors import RegistrationsError, SettingError, StoreError
from registrations.folder import FolderStore

TIMEOUT = 20.0  # seconds for each answer of the mail server
CLOSING = 421  # the server's answer to everybody when it shuts down


class PostError(RegistrationsError):
    """No letter can be handed over now. Try again later."""


class Refused(RegistrationsError):
    """The mail server refuses this letter; others may go. ``code`` is its answer: 500–599 for good, else for now."""

    def __init__(self, code: int):
        super().__init__(f"refused with {code}")
        self.code = code


class Carrier(Protocol):
    """Takes letters one by one. ``name`` begins with ``mark_of`` and is the same for the same letter."""

    def hand_over(self, name: str, message: EmailMessage) -> None:
        """Give the letter away; others answer for it once ``settle`` has returned. Raises Refused, PostError."""

    def settle(self) -> None:
        """Make durable what was handed over. Raises PostError: then all of it may have to be handed over again."""


class Outbox:
    """The folder ``root``: a letter is the file ``<name>.eml``. The same letter again replaces itself."""

    def __init__(self, root: Path):
        self._store = FolderStore(root)
        self.root = root

    def __repr__(self) -> str:
        return f"outbox:{self.root}"

    def sweep(self) -> None:
        """Remove what interrupted writes left."""
        self._store.sweep("")

    @contextmanager
    def open(self) -> Iterator[Carrier]:
        yield self

    def forget(self, whose: Iterable[str]) -> None:
        """Delete the letters of these lectures (a slug) or registrations (``mark_of``). Raises StoreError."""
        wanted = set(whose)
        for name in self._store.names("") if wanted else ():
            slug, _, rest = name.partition(".")
            if slug in wanted or f"{slug}.{rest.partition('.')[0]}" in wanted:
                self._store.delete(name)

    def hand_over(self, name: str, message: EmailMessage) -> None:
        try:
            self._store.write(f"{name}.eml", message.as_bytes())
        except StoreError as error:
            raise PostError(str(error)) from error

    def settle(self) -> None:
        try:
            self._store.settle("")
        except StoreError as error:
            raise PostError(str(error)) from error


class Smtp:
    """A mail server: ``smtp://[user:password@]host[:port]``, encrypted when it can be, or ``smtps://``, always encrypted."""

    def __init__(self, url: SplitResult):
        self._url = url

    def __repr__(self) -> str:
        return f"{self._url.scheme}://{self._url.hostname}"  # never the password

    def forget(self, whose: Iterable[str]) -> None:
        """Nothing: what was handed over is not ours any more."""

    def sweep(self) -> None:
        """Nothing."""

    @contextmanager
    def open(self) -> Iterator[Carrier]:
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise PostError(f"{self!r}: {_brief(error)}") from error
        try:
            yield _Connection(connection, repr(self))
        finally:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _connect(self) -> smtplib.SMTP:
        url, context = self._url, ssl.create_default_context()
        if url.scheme == "smtps":
            connection = smtplib.SMTP_SSL(url.hostname, url.port or 465, timeout=TIMEOUT, context=context)
        else:
            connection = smtplib.SMTP(url.hostname, url.port or 587, timeout=TIMEOUT)
            connection.ehlo()
            if connection.has_extn("starttls"):
                connection.starttls(context=context)
            elif url.username:
                connection.close()
                raise PostError(f"{self!r}: erbjuder ingen kryptering, så lösenordet skickas inte. Använd smtps://")
        if url.username:
            connection.login(unquote(url.username), unquote(url.password or ""))
        return connection


class _Connection:
    def __init__(self, connection: smtplib.SMTP, server: str):
        self._connection, self._server = connection, server

    def hand_over(self, name: str, message: EmailMessage) -> None:
        try:
            self._connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            self._raise(code)
        except smtplib.SMTPDataError as error:
            self._raise(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            raise PostError(f"{self._server}: {_brief(error)}") from error

    def settle(self) -> None:
        """Nothing: the server's yes is enough."""

    def _raise(self, code: int) -> None:
        if code == CLOSING:
            raise PostError(f"{self._server}: svarade {code}") from None  # the error holds the address
        raise Refused(code) from None


Post = Outbox | Smtp


def mark_of(slug: str, id: str) -> str:
    """What the names of a registration's letters begin with. Tells nobody the id."""
    return f"{slug}.{hashlib.sha256(f'letters of {id}'.encode()).hexdigest()[:16]}"


def post_from(text: str, *, name: str = "REGISTRATIONS_MAIL") -> Post:
    """The post that a setting names. Raises SettingError."""
    if match := re.fullmatch(r"outbox:(.+)", text):
        return Outbox(Path(match[1]))
    hidden = f"{text.partition(':')[0]}:…" if ":" in text else "…"  # the rest may hold a password
    try:
        url = urlsplit(text)
        if (
            url.scheme in ("smtp", "smtps")
            and url.hostname
            and not url.path.strip("/")
            and url.port != 0
            and not (url.query or url.fragment)
        ):
            return Smtp(url)
    except ValueError:
        pass
    raise SettingError(
        name, hidden, "skriv outbox:MAPP, smtp://VÄRD:PORT, smtp://NAMN:LÖSENORD@VÄRD:PORT eller smtps://…"
    )


def _brief(error: Exception) -> str:
    """The kind of fault and a server's code; never its words, which may quote an address."""
    code = getattr(error, "smtp_code", None)
    words = f"svarade {code}" if code else (os.strerror(error.errno) if getattr(error, "errno", None) else "")
    return f"{type(error).__name__} {words}".strip()
