"""Of what a build says before it ends, our words are kept and a traceback is not."""

import pytest

from registrations import traces

REPORT = "Webbplatsen byggdes inte: 1 fel att rätta.\n\ncontent/pages/stod.md\n  rad 3: Länken heter bara ”här”."
TRACE = 'Traceback (most recent call last):\n  File "x.py", line 1\nRuntimeError: bang\n'


@pytest.mark.parametrize("said", ["", REPORT, "SITEURL='x': skriv adressen"])
def test_what_holds_no_traceback_stays_as_it_is(said):
    assert traces.split(said) == (said, "")


@pytest.mark.parametrize("before", ["", "RuntimeError: bang\n", "skipping url replacement\nRuntimeError: bang\n"])
def test_of_a_crash_nothing_english_is_left(before):
    assert traces.split(before + TRACE) == ("", before + TRACE)


def test_a_report_of_faults_before_a_crash_is_kept():
    said = f"{REPORT}\n\njinja2.exceptions.TemplateSyntaxError: bogus\n{TRACE}"

    assert traces.split(said) == (REPORT, said)


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()

    assert not traces.keep(tmp_path / "file/trace.txt", TRACE)
    assert traces.sentence("var/trace.txt", kept=False) == (
        "Bygget stannade på ett fel i koden, inte i din text. Det gick inte att spara i var/trace.txt. "
        "Säg det till den som sköter webbplatsens kod."
    )
