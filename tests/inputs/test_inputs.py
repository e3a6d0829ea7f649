"""Some of other people's input, the same at every run. ``make test-inputs`` tries all of it."""

from random import Random

import pytest

from tests.inputs import pictures, refusals, samples, texts

SEED = "2026-11-25"


@pytest.fixture
def folder(tmp_path):
    """Where the sites are built."""
    return tmp_path / "site"


def some(everything, count):
    """``count`` of a list, always the same."""
    return Random(SEED).sample(everything, min(count, len(everything)))


def well(*rows):
    """Fail with what the rows have found wrong, the smallest input for each kind."""
    if any(row.faults for row in rows):
        examples = [f"{row.source}\n" + "\n".join(row.examples()) for row in rows if row.faults]
        pytest.fail("\n\n".join(examples), pytrace=False)


def test_a_text_of_another_house_is_refused_in_words_or_published_clean(folder):
    rows = texts.check(folder, some(samples.samples(), 150))

    well(*rows)
    assert sum(row.refused + row.published for row in rows) == 4 * 150
    assert min(sum(row.refused for row in rows), sum(row.published for row in rows)) > 60


def test_what_may_never_be_published_is_refused_at_its_line_whatever_the_markdown_around_it(folder):
    cases = [*some(refusals.fixed(), 800), *refusals.searched(300)]

    probes, harmless = refusals.check(folder, cases)

    well(probes, harmless)
    assert probes.refused == probes.tried == len(cases)
    assert harmless.published > harmless.tried / 2


def test_what_anybody_may_write_is_published(folder):
    findings = refusals.check_legitimate(folder)

    well(findings)
    assert findings.published == findings.tried > 400


def test_what_may_never_be_published_is_refused_in_every_field_that_is_published(folder):
    fields = refusals.check_fields(folder)

    well(fields)
    assert fields.refused == fields.tried > 100


def test_a_picture_of_another_house_is_refused_in_words_or_published_without_a_trace(folder):
    rows = pictures.check_real(folder, some(pictures.real(), 40))

    well(*rows)
    assert sum(row.refused + row.published for row in rows) == 40
    assert min(sum(row.refused for row in rows), sum(row.published for row in rows)) > 5


def test_a_damaged_picture_is_refused_in_words_or_published_without_a_trace():
    findings = pictures.check_damaged(300, workers=1)

    well(findings)
    assert findings.refused + findings.published == 300
    assert min(findings.refused, findings.published) > 50
