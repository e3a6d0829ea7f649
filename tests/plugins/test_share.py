"""The pictures of a shared lecture: whole titles, whatever their length and letters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from plugins.images.share import EDGE, SIZES, draw
from plugins.own import Colours

WHEN, SPEAKER = "Onsdag 10 februari 2027 kl. 12.00–13.00", "Föreläsare: Inbjuden föreläsare"
COLOURS = Colours(ground="#123f37", text="#fbf6ea", glow="#ffcf5c")
DARK = tuple(bytes.fromhex(COLOURS.ground[1:]))


def margin_is_clean(image):
    """Whether nothing is drawn in the edges: no letter is cut there."""
    width, height = image.size
    near = EDGE // 2
    edges = [
        (0, 0, width, near),
        (0, height - near, width, height),
        (0, 0, near, height),
        (width - near, 0, width, height),
    ]
    return all(image.crop(edge).getcolors() == [(((edge[2] - edge[0]) * (edge[3] - edge[1])), DARK)] for edge in edges)


@pytest.mark.parametrize("size", SIZES.values())
@pytest.mark.parametrize(
    "title",
    [
        "Våld",
        "Ekonomiskt våld: åäö ÅÄÖ é",
        "Hur socialtjänsten, vården och polisen kan se, fråga om och stötta en kvinna som lever med både våld och missbruk",
        "Kvinnofridskränkningslagstiftningsutredningsbetänkandet" * 2,
    ],
)
def test_a_title_of_any_length_stays_inside_the_picture(size, title):
    image = draw(size, "Qjouren", title, WHEN, SPEAKER, "Repris", COLOURS)

    assert image.size == size
    assert margin_is_clean(image)


def test_signs_that_the_font_lacks_leave_nothing_behind():
    size = SIZES["dela"]

    assert draw(size, "Qjouren", "Våld 💥 fråga", WHEN, SPEAKER, "", COLOURS) == draw(
        size, "Qjouren", "Våld fråga", WHEN, SPEAKER, "", COLOURS
    )


@pytest.mark.parametrize(
    "title",
    [
        "العنف الاقتصادي",
        "经济暴力",
        "💥💥",
        "Våld 经济",
        "\u115f\u3164",
        "\u200b\u202e\x00",
        "",
        "...",
    ],
)
def test_a_title_that_the_font_lacks_letters_for_is_called_a_lecture(title):
    size = SIZES["dela"]

    assert draw(size, "Qjouren", title, WHEN, SPEAKER, "", COLOURS) == draw(
        size, "Qjouren", "Föreläsning", WHEN, SPEAKER, "", COLOURS
    )


def test_a_letter_taken_apart_by_a_mac_is_drawn_as_one():
    size = SIZES["dela"]

    assert draw(size, "Qjouren", "Va\u030ald", WHEN, SPEAKER, "", COLOURS) == draw(
        size, "Qjouren", "Våld", WHEN, SPEAKER, "", COLOURS
    )


@pytest.mark.parametrize("speaker", ["Föreläsare: ", "Föreläsare: .", "Föreläsare: 经济", "Föreläsare: 💥", ""])
def test_a_speaker_who_cannot_be_named_is_left_out(speaker):
    size = SIZES["dela"]

    assert draw(size, "Qjouren", "Våld", WHEN, speaker, "", COLOURS) == draw(
        size, "Qjouren", "Våld", WHEN, "", "", COLOURS
    )


@pytest.mark.parametrize("size", SIZES.values())
@pytest.mark.parametrize("word", ["W" * 400, "Wå " * 200, "a" + "\u0301" * 300])
def test_however_long_a_text_it_stays_in_its_place(size, word):
    image = draw(size, word, word, word, f"Föreläsare: {word}", "Inställd", COLOURS)

    assert margin_is_clean(image)
    assert image.crop((0, size[1] - EDGE, *size)).getcolors() == [(size[0] * EDGE, DARK)]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=120), st.text(max_size=60))
def test_no_text_breaks_it(title, speaker, name):
    assert margin_is_clean(draw(SIZES["dela-kvadrat"], name, title, WHEN, speaker, "", COLOURS))


def test_only_a_lecture_that_one_can_sign_up_for_has_them(site):
    site.lecture("vald.md", Join="https://meet.example/j/hemlig")
    site.lecture("gammal.md", Start="2026-02-10 12:00")

    site.build()

    made = [path for path in site.files() if path.endswith(".png")]
    assert made == ["forelasningar/vald/dela-kvadrat.png", "forelasningar/vald/dela.png"]
    with Image.open(site.output / made[1]) as image:
        assert image.size == (1200, 630)
        assert not image.info
