"""A small site for each test."""

import shutil
import sys

import pytest

from tests.plugins.small_site import DATA, NOW, ROOT, STATIC, TEMPLATES, Site


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A site with a start page and no lectures, on the morning of 11 January 2027."""
    monkeypatch.setattr(sys, "path", [*sys.path])  # pelicanconf.py adds its folder
    for name in ("SITEURL", "REGISTRATIONS_CATALOGUE"):
        monkeypatch.delenv(name, raising=False)
    made = Site(tmp_path / "site")
    for name, text in DATA.items():
        made.write(f"content/data/{name}", text)
    for name, text in TEMPLATES.items():
        made.write(f"theme/templates/{name}.html", text)
    for name, text in STATIC.items():
        made.write(f"theme/static/{name}", text)
    made.write("theme/words.toml", (ROOT / "theme/words.toml").read_text("utf-8"))
    made.page("index.md", Title="Qjouren", Template="start")
    made.page("forelasningar.md", Title="Föreläsningar", Window="Föreläsningar", Template="lectures")
    made.page("webblasare.md", Title="Surfa säkrare", Window="Om webbläsaren")
    made.page("personuppgifter.md", Title="Personuppgifter", Window="Personuppgifter")
    made.write("content/mark.svg", "<svg/>")
    shutil.copy(ROOT / "publishconf.py", made.root)
    settings = (ROOT / "pelicanconf.py").read_text("utf-8")
    made.write("pelicanconf.py", f'{settings}\nNOW = datetime.fromisoformat("{NOW}").replace(tzinfo=ZONE)\n')
    return made


@pytest.fixture
def report(site, capsys):
    """``report()`` builds a site that can't be built, and gives what the communicator reads."""

    def build() -> str:
        with pytest.raises(SystemExit) as stop:
            site.build()
        assert stop.value.code == 1
        return capsys.readouterr().err

    return build
