"""A small site whose templates mark where a text's body stands, and texts of each kind for it."""

import io
import shutil
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.plugins.small_site import DATA, NOW, ROOT, STATIC, TEMPLATES, Site

BEGIN, END = "provets-borjan", "provets-slut"  # ids of the empty elements before and after a body
PICTURE = "torget.jpg"  # one that every text may show
_SHELL = """<!doctype html><html lang="sv"><head><title>{% block title %}{{ page.window }}{% endblock %}</title>
{% block head %}{% endblock %}</head>
<body><main>{% block main %}{% endblock %}</main></body></html>
"""
_TEXT = f"""{{% extends "base.html" %}}
{{% block head %}}<meta name="description" content="{{{{ page.summary }}}}">{{% endblock %}}
{{% block main %}}<h1>{{{{ page.title }}}}</h1>
<p>{{{{ page.lead }}}}</p><i id="{BEGIN}"></i>{{{{ page.content|safe }}}}<i id="{END}"></i>{{% endblock %}}"""
_LECTURE = _TEXT.replace('"base.html" %}', '"base.html" %}{% block title %}{{ page.title }}{% endblock %}')
_OWN = {"base": _SHELL, "page": _TEXT, "article": _TEXT, "lecture": _LECTURE}
_LISTS = """{% extends "base.html" %}{% block main %}<h1>{{ page.title }}</h1>{% endblock %}"""
PAGES = {
    "index": ("Qjouren", "start"),
    "forelasningar": ("Föreläsningar", "lectures"),
    "aktuellt": ("Aktuellt", "news"),
    "webblasare": ("Surfa säkrare", "page"),
    "personuppgifter": ("Personuppgifter", "page"),
    "sok": ("Sök", "search"),
}
HARMLESS = "Vi lyssnar."


@dataclass(frozen=True)
class Text:
    """A file for ``content``, where its page comes, and its body. ``first``: the line of the file where the body begins."""

    file: str
    output: str
    headers: tuple[str, ...]
    body: str

    @property
    def data(self) -> str:
        """The file."""
        return "\n".join([*self.headers, "", self.body, ""])

    @property
    def first(self) -> int:
        return len(self.headers) + 2


def page(key: str, body: str, **changes: str) -> Text:
    """A page; ``changes`` replace headers."""
    headers = {"Title": f"Stöd {key}", "Window": "Kontakt", "Summary": f"Så når du oss, del {key}."} | changes
    return Text(f"content/pages/prov-{key}.md", f"prov-{key}/index.html", _lines(headers), body)


def news(key: str, body: str) -> Text:
    """A news item."""
    headers = {
        "Title": f"Nytt {key}",
        "Window": "Aktuellt",
        "Summary": f"Det här har hänt, del {key}.",
        "Date": "2026-03-01",
    }
    return Text(f"content/news/2026-03-01-nytt-{key}.md", f"aktuellt/nytt-{key}/index.html", _lines(headers), body)


def lecture(key: str, body: str) -> Text:
    """A lecture that was held in a season: it has no form, and nothing has to be drawn for it."""
    headers = {"Title": f"Föreläsning {key}", "Start": "hösten 2022", "Summary": f"Om lärdomar, del {key}."}
    return Text(
        f"content/lectures/2022-10-01-tal-{key}.md", f"forelasningar/tal-{key}/index.html", _lines(headers), body
    )


def below(key: str, body: str) -> Text:
    """A page with the text in a sub-item of a list."""
    first, *rest = body.split("\n")
    inner = "\n".join([f"    - {first}", *(f"        {line}" if line.strip() else "" for line in rest)])
    return page(key, f"- {HARMLESS}\n{inner}")


KINDS = {"page": page, "lecture": lecture, "news": news, "sub-item": below}


def make(root: Path, texts: list[Text]) -> Site:
    """A site of these texts and what every site needs, in ``root``, on the morning of 11 January 2027."""
    made = Site(root)
    for name, text in DATA.items():
        made.write(f"content/data/{name}", text)
    for name, text in (TEMPLATES | _OWN | dict.fromkeys(("start", "lectures", "news", "search"), _LISTS)).items():
        made.write(f"theme/templates/{name}.html", text)
    for name, text in STATIC.items():
        made.write(f"theme/static/{name}", text)
    shutil.copy(ROOT / "theme/words.toml", root / "theme/words.toml")
    for name, (title, template) in PAGES.items():
        made.page(f"{name}.md", Title=title, Window=title, Template=template)
    made.page("webblasare.md", f"![Torget]({PICTURE})", Title="Surfa säkrare", Window="Om webbläsaren")
    made.write("content/mark.svg", "<svg/>")
    made.write(f"content/images/{PICTURE}", _picture())
    shutil.copy(ROOT / "publishconf.py", root)
    settings = (ROOT / "pelicanconf.py").read_text("utf-8")
    made.write("pelicanconf.py", f'{settings}\nNOW = datetime.fromisoformat("{NOW}").replace(tzinfo=ZONE)\n')
    for text in texts:
        path = root / text.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.data.encode("utf-8", "surrogatepass"))
    return made


def _lines(headers: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}: {value}" for name, value in headers.items())


def _picture() -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "JPEG")
    return file.getvalue()
