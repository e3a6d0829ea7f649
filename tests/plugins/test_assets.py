"""Files of the theme inside the pages."""

import pytest
from markupsafe import Markup

from plugins.assets import AssetError, Assets
from registrations.catalogue import Policy


def test_a_file_is_put_into_the_page_as_it_is(tmp_path):
    (tmp_path / "a.js").write_bytes(b"1 < 2 && 'x'\r\n")

    text = Assets(tmp_path)("a.js")

    assert text == Markup("1 < 2 && 'x'\n")


def test_the_policy_has_the_hashes_of_what_was_used_and_of_nothing_else(tmp_path):
    for name in ("a.js", "b.css", "c.css", "d.svg"):
        (tmp_path / name).write_text("", "utf-8")
    assets = Assets(tmp_path)
    for name in ("a.js", "b.css", "d.svg", "b.css"):
        assets(name)

    policy = assets.policy()

    empty = ("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",)
    assert policy == Policy(script=empty, style=empty)


def test_a_file_that_is_not_there_is_an_error_that_names_those_that_are(tmp_path):
    (tmp_path / "style.css").write_text("", "utf-8")

    with pytest.raises(AssetError) as error:
        Assets(tmp_path)("stil.css")

    expected = f"{tmp_path}/stil.css: can't be read (No such file or directory); the folder holds style.css"
    assert str(error.value) == expected


def test_a_script_that_would_end_its_own_element_is_an_error(tmp_path):
    (tmp_path / "a.js").write_text("'</SCRIPT>'", "utf-8")

    with pytest.raises(AssetError, match="would end its own element"):
        Assets(tmp_path)("a.js")
