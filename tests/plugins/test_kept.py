"""What a build keeps for the next one."""

import json

import pytest


@pytest.fixture
def kept(site):
    """The file, after a build of a site with a page and a lecture."""
    site.page("stod.md", "Ring {telefon:jouren}.")
    site.lecture("vald.md", "Om **skulder**.")
    site.build()
    return site.root / "var/cache/texts.json"


def change(kept, before, after):
    kept.write_text(kept.read_text("utf-8").replace(before, after), "utf-8")


def test_an_unchanged_text_is_not_made_again(site, kept):
    change(kept, "skulder", "lån")  # shows that it is taken from there

    assert "Om <strong>lån</strong>." in site.build().text("forelasningar/vald/index.html")


def test_a_changed_text_is_made_again_and_the_old_one_forgotten(site, kept):
    site.lecture("vald.md", "Om **arv**.")

    assert "Om <strong>arv</strong>." in site.build().text("forelasningar/vald/index.html")
    assert "skulder" not in kept.read_text("utf-8")


@pytest.mark.parametrize("file", ["content/data/facts.toml", "theme/words.toml"])
def test_everything_is_made_again_when_data_or_words_change(site, kept, file):
    change(kept, "skulder", "lån")
    path = site.root / file
    path.write_text(f"{path.read_text('utf-8')}\n# changed\n", "utf-8")

    assert "Om <strong>skulder</strong>." in site.build().text("forelasningar/vald/index.html")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', "\udcff", "[" * 100_000])
def test_a_file_that_cannot_be_used_is_made_anew(site, kept, text):
    kept.write_bytes(text.encode("utf-8", "surrogateescape"))

    assert "Om <strong>skulder</strong>." in site.build().text("forelasningar/vald/index.html")
    assert any("skulder" in text for text in json.loads(kept.read_text("utf-8")).values())


def test_an_event_keeps_its_stamp_until_the_lecture_changes(site, kept):
    def stamps():
        return [line for line in site.build().text("forelasningar/kalender.ics").splitlines() if "DTSTAMP" in line]

    settings = site.root / "pelicanconf.py"
    first = stamps()
    settings.write_text(settings.read_text("utf-8").replace("2027-01-11 09:30", "2027-01-12 10:00"), "utf-8")
    same = stamps()
    site.lecture("vald.md", "Om **skulder**.", Title="Nytt namn")

    assert (first, same, stamps()) == (["DTSTAMP:20270111T083000Z"], first, ["DTSTAMP:20270112T090000Z"])
