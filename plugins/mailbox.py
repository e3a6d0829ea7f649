"""``/_brev/``: the letters in the outbox, readable, for whoever tries the site on their own machine.

They hold registrants' own links, so the devserver alone has these pages, and only for a browser on the same machine that asks
for it by a loopback name: a page elsewhere that leads its name here (DNS rebinding) finds nothing.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from registrations.catalogue import Policy
from registrations.headers import UNLISTED, of_answer
from registrations.loopback import is_direct, is_loopback
from registrations.post import Outbox

PATH = "/_brev/"
MOST = 200  # letters in the list
STYLE = "body{font:1rem/1.5 sans-serif;max-width:44em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}"
STYLE += "pre{font:inherit;white-space:pre-wrap}:root{color-scheme:light dark}"
POLICY = Policy(style=(f"sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}",))
# A letter brings its look in attributes. It may do nothing else, and it gets no origin to do it in.
LETTER = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
NOTICE = (
    "Länkarna i breven är personliga. Den här sidan finns bara på din egen dator, så länge make devserver är igång. "
    "På den riktiga webbplatsen finns den inte."
)
_PAGE = Markup(
    '<!doctype html><html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><style>{style}</style></head><body><main><h1>{title}</h1>{body}<p>{notice}</p></main></body></html>"
)
_LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)]")
_OURS = ("/anmalan/", "/forelasningar/")

Wsgi = Callable[[dict, Callable], Iterable[bytes]]


@dataclass(frozen=True)
class Answer:
    """What is sent: a page of ours, or a letter's own HTML."""

    html: str
    letter: bool = False


class Mailbox:
    """In front of ``app``, which answers whatever isn't a letter. ``siteurl`` stands in the letters' links."""

    def __init__(self, app: Wsgi, outbox: Outbox, siteurl: str):
        self._app, self._outbox, self._site = app, outbox, siteurl

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        asks = path.startswith(PATH) and environ["REQUEST_METHOD"] in ("GET", "HEAD") and is_direct(environ)
        answer = self._answer(path.removeprefix(PATH)) if asks else None
        if answer is None:
            return self._app(environ, start_response)
        data = answer.html.encode("utf-8", "replace")
        headers = of_answer(POLICY, environ) | UNLISTED | ({"Content-Security-Policy": LETTER} if answer.letter else {})
        sent = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(data)), **headers}
        start_response("200 OK", list(sent.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [data]

    def _answer(self, asked: str) -> Answer | None:
        """The list, a letter, or its HTML: ``NAME.html``. Only a name that is in the folder leads anywhere."""
        files = {path.stem: path for path in self._files()}
        if not asked:
            return Answer(_page("Brev", _rows(files.values())))
        name, html = asked.removesuffix(".html"), asked.endswith(".html")
        try:
            letter = _read(files[name]) if name in files else None
        except FileNotFoundError:  # it was erased meanwhile
            return None
        if letter is None:
            return None
        if not html:
            return Answer(_page(letter["Subject"] or "Brev", self._letter(letter, name)))
        body = letter.get_body(("html",))
        return Answer(_content(body), letter=True) if body else None

    def _files(self) -> list[Path]:
        """The letters, the newest first."""
        found = []
        for path in self._outbox.root.glob("*.eml"):
            try:
                found.append((path.stat().st_mtime_ns, path.name, path))
            except FileNotFoundError:
                continue
        return [path for *_, path in sorted(found, reverse=True)[:MOST]]

    def _letter(self, letter: EmailMessage, name: str) -> Markup:
        heads = [(label, letter[header]) for label, header in (("Från", "From"), ("Till", "To"), ("Skickat", "Date"))]
        lines = Markup("<br>").join(Markup("{}: {}").format(label, value or "") for label, value in heads)
        plain = letter.get_body(("plain",))
        text = self._linked(_content(plain)) if plain else Markup("Brevet har ingen text.")
        added = ", ".join(part.get_filename() or "utan namn" for part in letter.iter_attachments())
        return Markup(
            '<p>{}</p><hr><pre>{}</pre><hr>{}<p><a href="{}">Som HTML</a> · <a href="{}">Alla brev</a></p>'
        ).format(lines, text, Markup("<p>Bilaga: {}</p>").format(added) if added else "", f"{PATH}{name}.html", PATH)

    def _linked(self, text: str) -> Markup:
        """The text with its addresses as links. One to the site leads to this server, whatever port it had then."""
        parts, last = [], 0
        for match in _LINK.finditer(text):
            parts.append(escape(text[last : match.start()]))
            parts.append(Markup('<a href="{}">{}</a>').format(self._target(match[0]), match[0]))
            last = match.end()
        return Markup("").join([*parts, escape(text[last:])])

    def _target(self, address: str) -> str:
        try:
            found = urlsplit(address)
            ours = is_loopback(found.hostname or "") or address.startswith(f"{self._site}/")
        except ValueError:
            return address
        return found.path if ours and found.path.startswith(_OURS) else address


def _rows(files: Iterable[Path]) -> Markup:
    """A line for each letter."""
    lines = []
    for path in files:
        try:
            letter = _read(path)
        except FileNotFoundError:
            continue
        line = Markup('<li><a href="{}">{}</a> till {}, {}</li>')
        lines.append(line.format(f"{PATH}{path.stem}", letter["Subject"] or "Brev", letter["To"], letter["Date"]))
    return Markup("<ul>{}</ul>").format(Markup("").join(lines)) if lines else Markup("<p>Inga brev än.</p>")


def _page(title: str, body: Markup) -> str:
    return str(_PAGE.format(title=title, style=Markup(STYLE), body=body, notice=NOTICE))


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _content(part: EmailMessage) -> str:
    """The part's text; of one that is damaged, what can be read of it."""
    try:
        return part.get_content()
    except (LookupError, KeyError):  # a character set that nobody knows
        return (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
