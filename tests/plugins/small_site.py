"""A small site in a folder of its own, built by the real settings and plugins."""

import json
from dataclasses import dataclass
from pathlib import Path

import pelican

from registrations.catalogue import Catalogue, parse

ROOT = Path(__file__).parents[2]
NOW = "2027-01-11 09:30"
JOIN = "https://meet.example/j/987654321?pwd=Hemlig"

DATA = {
    "organisation.toml": """
        name = "Qjouren"
        url = "https://www.qjouren.se"
        email = "info@qjouren.se"
        exit_url = "https://www.smhi.se/"
        source = "årsberättelsen"
        checked = 2026-06-30
    """,
    "telephones.toml": """
        [jouren]
        number = "08-644 20 32"
        name = "Qjouren"
        source = "årsberättelsen"
        checked = 2026-06-30

        [nod]
        number = "112"
        name = "Larmnumret"
        source = "Polisen"
        checked = 2026-06-30

        [kvinnofrid]
        number = "020-50 50 50"
        name = "Kvinnofridslinjen"
        source = "NCK"
        checked = 2026-06-30
    """,
    "facts.toml": """
        [normalisering]
        text = "Gränser flyttas."
        source = "Roks"
        checked = 2026-06-30
    """,
}
BASE = """<!doctype html><html lang="sv"><head><title>{% block title %}{{ page.window }}{% endblock %}</title>
<style>{{ asset("tokens.css") }}</style>
<style>{{ asset("style.css") }}</style>{% if own.look %}<style>{{ own.look }}</style>{% endif %}</head>
<body><nav>{% for item in menu("sv") %}<a href="/{{ item.slug }}/">{{ item.title }}</a>{% endfor %}</nav>
<main>{% block main %}{% endblock %}</main><script>{{ asset("leave.js") }}</script></body></html>
"""
TEMPLATES = {
    "base": BASE,
    "page": """{% extends "base.html" %}{% block main %}<h1>{{ page.title }}</h1>{{ page.content|safe }}
<p class="parent">{{ page.parent.title if page.parent }}</p>
<p class="children">{{ page.children|map(attribute="title")|join(", ") }}</p>
<p class="checked">{{ page.checked }}</p>{% endblock %}""",
    "start": """{% extends "base.html" %}{% block main %}<h1>{{ page.title }}</h1>
{% for lecture in upcoming %}<a href="{{ lecture.url }}">{{ lecture.title }}</a>{% endfor %}{% endblock %}""",
    "lecture": """{% extends "base.html" %}{% block title %}{{ page.title }}{% endblock %}
{% block main %}<h1>{{ page.title }}</h1>
<p class="when">{{ page.when }}</p><p class="summary">{{ page.summary }}</p>{{ page.content }}{{ page.form or "ingen anmälan" }}
{% if page.original %}<a class="original" href="{{ page.original.url }}">{{ page.original.title }}</a>{% endif %}
{% for rerun in page.reruns %}<a class="rerun" href="{{ rerun.url }}">{{ rerun.title }}</a>{% endfor %}
{% if page.event %}<script type="application/ld+json">{{ page.event }}</script>{% endif %}{{ page.lecture }}{% endblock %}""",
    "lectures": """{% extends "base.html" %}{% block main %}
<ul class="upcoming">{% for page in upcoming %}<li>{{ page.slug }}</li>{% endfor %}</ul>
<ul class="past">{% for page in past %}<li>{{ page.slug }}</li>{% endfor %}</ul>{% endblock %}""",
    "frame": """{% extends "base.html" %}{% block title %}{% raw %}{{title}}{% endraw %}{% endblock %}
{% block main %}{% raw %}{{main}}{% endraw %}{% endblock %}""",
    "news": """{% extends "base.html" %}{% block main %}{% for each in page.children %}
<a href="/{{ each.url }}">{{ each.title }}</a>{% endfor %}{% endblock %}""",
    "article": """{% extends "base.html" %}{% block main %}<p class="when">{{ page.when.words }}</p>{% endblock %}""",
    "404": """{% extends "base.html" %}{% block title %}Sidan finns inte{% endblock %}""",
}
STATIC = {
    "style.css": "body { color: #123 }\n",
    "leave.js": "addEventListener('x', () => 1 < 2)\n",
    "tokens.css": ":root { --deep: #123f37; --on-deep: #fbf6ea; --glow: #ffcf5c }\n",
}


@dataclass(frozen=True)
class Site:
    """A site in a folder: write files into it, build it, look at what came out."""

    root: Path

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def catalogue_path(self) -> Path:
        return self.root / "var" / "catalogue.json"

    def write(self, path: str, text: str | bytes) -> Path:
        """``text`` in ``path``, below the site's folder; the indentation of the first line is taken away."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            file.write_bytes(text)
            return file
        lines = text.lstrip("\n").split("\n")
        indent = len(lines[0]) - len(lines[0].lstrip())
        file.write_text("\n".join(line.removeprefix(" " * indent) for line in lines), "utf-8")
        return file

    def lecture(self, file: str, body: str = "Text.", **changes: str | None) -> Path:
        """A good lecture in ``content/lectures``; ``changes`` replace headers, and None leaves one out."""
        headers = {
            "Title": "Ekonomiskt våld",
            "Start": "2027-02-10 12:00",
            "End": "13:00",
            "Speaker": "Inbjuden föreläsare",
            "Seats": "100",
        }
        headers |= {name.replace("_", " "): value for name, value in changes.items()}
        lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
        return self.write(f"content/lectures/{file}", "\n".join([*lines, "", body, ""]))

    def page(self, file: str, body: str = "Text.", **changes: str | None) -> Path:
        """A good page in ``content/pages``; as ``lecture``."""
        headers = {"Title": "Få stöd", "Window": "Kontakt", "Summary": f"Så når du oss. ({file})"} | changes
        lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
        return self.write(f"content/pages/{file}", "\n".join([*lines, "", body, ""]))

    def build(self) -> "Site":
        """Build as ``python -m pelican --fatal warnings`` does. Raises SystemExit when that would end with a fault."""
        pelican.main(["-s", str(self.root / "pelicanconf.py"), "--fatal", "warnings"])
        return self

    def text(self, path: str) -> str:
        """A published file."""
        return (self.output / path).read_text("utf-8")

    def files(self) -> list[str]:
        """Everything that is published."""
        return sorted(str(path.relative_to(self.output)) for path in self.output.rglob("*") if path.is_file())

    def catalogue(self) -> Catalogue:
        """What the collector is told."""
        return parse(self.catalogue_path.read_text("utf-8"))

    def event(self, slug: str) -> dict:
        """The lecture's schema.org Event, parsed."""
        page = self.text(f"forelasningar/{slug}/index.html")
        return json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
