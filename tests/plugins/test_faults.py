"""The report that stops a build."""

import pytest

from plugins.faults import Fault, nearest, quote, report, stop


def test_a_report_tells_every_fault_file_by_file_in_the_order_of_the_lines():
    faults = [
        Fault(file="content/pages/b.md", words="Det tredje."),
        Fault(file="content/lectures/a.md", words="Det andra.", line=7, header="Seats", value="x"),
        Fault(file="content/lectures/a.md", words="Det första.", line=2),
    ]

    text = report(faults)

    assert text == (
        "Webbplatsen byggdes inte: 3 fel att rätta.\n"
        "\n"
        "content/lectures/a.md\n"
        "  rad 2: Det första.\n"
        "  rad 7, Seats: Det andra.\n"
        "\n"
        "content/pages/b.md\n"
        "  Det tredje.\n"
    )


def test_stopping_tells_the_report_and_nothing_else(capsys):
    with pytest.raises(SystemExit) as stopped:
        stop([Fault(file="content/pages/b.md", words="Ett.")])

    out, err = capsys.readouterr()
    assert (stopped.value.code, out, err.strip()) == (
        1,
        "",
        report([Fault(file="content/pages/b.md", words="Ett.")]).strip(),
    )


def test_a_long_value_is_shortened():
    assert quote("x" * 61) == f"”{'x' * 59}…”"


@pytest.mark.parametrize(("value", "found"), [("strat", "Start"), ("SEATS", "Seats"), ("qqq", None), ("", None)])
def test_the_nearest_word_is_the_one_that_was_probably_meant(value, found):
    assert nearest(value, ["Start", "Seats"]) == found
