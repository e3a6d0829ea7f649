"""What a text calls a picture, and which file that is: found however it is written, or told with a name that works."""

import io
import os
import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from plugins.images.picture import Pictures

_FILE = io.BytesIO()
Image.new("L", (9, 6)).save(_FILE, "PNG")
SMALL = _FILE.getvalue()


@pytest.fixture
def put(tmp_path):
    """Write files into a folder of pictures, and return the pictures."""

    def write(**files):
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        return Pictures(tmp_path)

    return write


@pytest.mark.parametrize(
    ("file", "src"),
    [
        ("torget.JPG", "torget.jpg"),
        ("Bild på möte.png", "Bild på möte.png"),
        ("Bild på möte.png", "Bild%20p%C3%A5%20m%C3%B6te.png"),
        ("Bild på möte.png", "<Bild på möte.png>"),
        (unicodedata.normalize("NFD", "möte.png"), "möte.png"),
        ("möte.png", unicodedata.normalize("NFD", "möte.png")),
        ("bild (1).png", "bild (1).png"),
        ("100%.png", "100%.png"),
        ("😀.png", "😀.png"),
        (b"f\xf6retag.png", "företag.png"),
        ("a" * 200 + ".png", "a" * 200 + ".png"),
    ],
)
def test_a_file_is_found_however_its_name_is_written_and_published_under_a_safe_one(tmp_path, file, src):
    (tmp_path / os.fsdecode(file)).write_bytes(SMALL)
    pictures = Pictures(tmp_path)

    assert pictures.unfit(src, "Folk") is None
    assert pictures.unused() == []
    for job in pictures.use(src).jobs():
        assert len(job.file) < 80
        assert job.file.isascii()
        assert set(job.file.removeprefix("bilder/")) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


@pytest.mark.parametrize(
    ("file", "src", "words"),
    [
        ("torget.png", "{static}/images/torget.png", "finns inte under det namnet. Skriv ![…](torget.png)."),
        ("torget.png", "../images/torget.png", "finns inte under det namnet. Skriv ![…](torget.png)."),
        ("torget.png", "/images/torget.png", "finns inte under det namnet. Skriv ![…](torget.png)."),
        ("torget.png", r"C:\Bilder\torget.png", "finns inte under det namnet. Skriv ![…](torget.png)."),
        ("2024/torget.png", r"2024\torget.png", "finns inte under det namnet. Skriv ![…](2024/torget.png)."),
        ("2024/torget.png", "torget.png", "finns inte under det namnet. Skriv ![…](2024/torget.png)."),
        (
            "Bild på möte.png",
            "Bild",
            "finns inte i content/images. Filnamnet ”Bild på möte.png” har mellanslag: "
            "döp om filen till bild-pa-mote.png och skriv ![…](bild-pa-mote.png).",
        ),
        (
            "bild(1).PNG",
            "bild",
            "finns inte i content/images. Filnamnet ”bild(1).PNG” har tecken som inte går i en länk: "
            "döp om filen till bild-1.png och skriv ![…](bild-1.png).",
        ),
        (
            "torget.png",
            "https://x.example/torget.png",
            "måste ligga i content/images. Lägg filen där och skriv bara dess namn.",
        ),
        (
            "torget.png",
            "../../etc/passwd",
            "finns inte i content/images. Lägg filen där, eller ta bort bilden ur texten.",
        ),
        ("torget.png", "/etc/passwd", "finns inte i content/images. Lägg filen där, eller ta bort bilden ur texten."),
    ],
)
def test_advice_about_a_name_can_be_followed_at_once(tmp_path, file, src, words):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_bytes(SMALL)

    assert Pictures(tmp_path).unfit(src, "Folk") == f"Bilden ”{src}” {words}"


def test_followed_advice_leads_to_a_published_picture_and_overwrites_none(put, tmp_path):
    pictures = put(**{"Bild på möte.PNG": SMALL, "bild-pa-mote.png": SMALL})

    told = pictures.unfit("Bild", "Folk")
    new = re.search(r"döp om filen till (\S+) och skriv !\[…\]\((\S+)\)\.", told)

    assert new.groups() == ("bild-pa-mote-2.png",) * 2
    (tmp_path / "Bild på möte.PNG").rename(tmp_path / new[1])
    assert Pictures(tmp_path).unfit(new[2], "Folk") is None


@given(st.text(max_size=80) | st.text(alphabet="aAåß ./\\%2()<>{}|:-", max_size=80))
@example("/" * 200_000)
@example("ss")
def test_whatever_a_text_calls_a_picture_it_is_told_in_words(src):
    with TemporaryDirectory() as folder:
        for name in ("a.png", "ßx.png", "A å.png", "(a).png"):
            Path(folder, name).write_bytes(SMALL)

        told = Pictures(Path(folder)).unfit(src, "Folk")

        assert told is None or told.startswith("Bilden ")


def test_without_a_name_it_says_how_to_write(tmp_path):
    assert Pictures(tmp_path / "missing").unfit("", "Folk") == (
        "Bilden saknar filnamn. Lägg filen i content/images och skriv ![vad bilden visar](bild.jpg)."
    )


def test_names_that_look_the_same_are_told_and_capitals_tell_files_apart(put):
    composed, apart = "m\u00f6te.png", "mo\u0308te.png"
    pictures = put(**{composed: SMALL, apart: SMALL, "A.png": SMALL, "a.png": SMALL})

    assert pictures.unfit(composed, "Folk") == (
        f"Bilden ”{composed}” kan vara flera filer i content/images. Döp om eller ta bort den ena."
    )
    assert pictures.use("A.png").path.name == "A.png"
    assert pictures.unfit("A.PNG", "Folk") == (
        "Bilden ”A.PNG” kan vara flera filer i content/images. Döp om eller ta bort den ena."
    )


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "annat").mkdir()
    (tmp_path / "annat/hemlig.png").write_bytes(SMALL)
    (tmp_path / "images/bild.png").symlink_to(tmp_path / "annat/hemlig.png")
    (tmp_path / "images/mapp").symlink_to(tmp_path / "annat")
    pictures = Pictures(tmp_path / "images")

    assert pictures.unfit("bild.png", "Folk") == "Bilden ”bild.png” är en genväg. Lägg själva filen i content/images."
    assert pictures.unfit("mapp/hemlig.png", "Folk").startswith("Bilden ”mapp/hemlig.png” finns inte i content/images.")


def test_files_that_no_text_has_asked_for_are_named_but_not_those_that_computers_make(put):
    pictures = put(**dict.fromkeys(("a.png", "b.png", "c.txt", ".DS_Store", "Thumbs.db", "desktop.ini"), SMALL))

    pictures.use("a.png")

    assert pictures.unused() == ["b.png", "c.txt"]
