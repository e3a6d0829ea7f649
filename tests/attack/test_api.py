"""The API as it is described, driven by whatever schemathesis makes of the description."""

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi import checks

from registrations import openapi
from tests.registrations.conftest import LECTURES
from tests.support import SITE, Collector, own_page, publish, wait_for_letters

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]
PHASES = [Phase.explicit, Phase.generate]  # what is found is small enough, and to make it smaller takes minutes
EXAMPLES = 8
ACCEPT = ["text/html", "application/json", "*/*", "application/json;q=0.5, text/html;q=x", ""]
OPERATIONS = [
    (path, method, mode)
    for path, operations in openapi.document(SITE)["paths"].items()
    for method in operations
    for mode in schemathesis.GenerationMode
    if method != "parameters" and ("{" in path or mode.is_positive)
]
SLUGS = [lecture.slug for lecture in LECTURES]


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    folder = tmp_path_factory.mktemp("api")
    publish(folder, *LECTURES)
    with Collector(folder) as running:
        yield running
        said = running.said()
        assert "Traceback" not in said
        assert "ERROR" not in said


@pytest.fixture(scope="module")
def described(collector):
    """The description with the lectures and registrations that there are, among others that there are not."""
    for number in range(6):
        form = {"email": f"{number}@exempel.se", "name": "A", "tips": "ja", "svar": "x" * (number % 2)}
        requests.post(f"{collector.url}/anmalan/liten", form, timeout=20, allow_redirects=False)
    ids = [own_page(letter).split("/")[3] for letter in wait_for_letters(collector.folder, 6)]
    document = requests.get(f"{collector.url}/anmalan/openapi.json", timeout=20).json()
    for path in document["paths"].values():
        for parameter, known in zip(path.get("parameters", ()), (SLUGS, ids), strict=False):
            any_other = parameter["schema"]
            parameter["schema"] = {"anyOf": [{"enum": known}, {"enum": known[1:]}, any_other]}
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=collector.url)
    return schema


@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS)
def test_every_answer_is_as_described(described, path, method, mode):
    @settings(
        max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None, phases=PHASES
    )
    @given(case=described[path][method].as_strategy(generation_mode=mode), accept=st.sampled_from(ACCEPT))
    def answered(case, accept):
        case.call_and_validate(checks=CHECKS, headers={"Accept": accept}, allow_redirects=False)

    answered()
