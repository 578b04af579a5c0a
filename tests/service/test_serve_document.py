"""The service keeps what its OpenAPI document promises: requests made from the document, right ones and wrong ones, against the running service."""

from collections import Counter
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import APIOperation

from tests.service.serving import Served, served

EXAMPLES = 4
"""Requests for each operation, right ones and as many wrong ones."""
TOKEN = "the token"
FORM = {"malformed-body", "missing-field", "unknown-field", "wrong-field", "wrong-content-type"}
"""What is wrong with the form of a request; a request that the document allows has none of these."""

CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "409", "422"]}}}
"""Of a right form, and still no answer: there is no such organization, or another session of that name."""

PHASES = (Phase.explicit, Phase.generate)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served"), "--timeout", "30", token=TOKEN) as running:
        running.session("live")
        yield running


def operations(service: Served) -> Iterator[APIOperation]:
    """All but the stream of changes, which has no end."""
    schema = schemathesis.openapi.from_url(f"{service.address}/openapi.json", config=SchemathesisConfig.from_dict(CONFIG))
    for found in schema.exclude(path_regex="/changes$").get_all_operations():
        yield found.ok()


def meant(case: Case) -> Case:
    """A right request, about the ruleset that there is, and the session; those that are made have any name."""
    if isinstance(case.body, dict) and "ruleset" in case.body:
        case.body["ruleset"] = "ruleset"
    if "name" in case.path_parameters and case.method != "PUT":
        case.path_parameters["name"] = "live"
    return case


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_document_is_kept(service: Served, mode: GenerationMode) -> None:
    """Statuses, types of content, forms of answers, headers, authorization: as the document says, whatever is asked."""
    answers: Counter[tuple[str, int]] = Counter()
    session = {"Authorization": f"Bearer {TOKEN}"}
    for operation in operations(service):
        if mode is GenerationMode.NEGATIVE and operation.path in ("/health", "/metrics"):
            continue  # they take nothing that could be wrong

        @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=PHASES)
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            right = mode is GenerationMode.POSITIVE
            response = (meant(case) if right else case).call(headers=session, timeout=60)
            answers[case.operation.label, response.status_code] += 1
            case.validate_response(response, headers=session)
            if right and response.status_code == 422:
                assert not FORM & {one["code"] for one in response.json()["diagnostics"]}, response.text

        ask()
    asked = {label for label, _ in answers}
    assert asked >= {"POST /evaluate", "POST /explain", "POST /due", "PUT /sessions/{name}", "POST /sessions/{name}/facts", "GET /sessions/{name}/due"}
    if mode is GenerationMode.POSITIVE:
        fine = {label for label, status in answers if status in (200, 201)}
        assert asked - fine <= {"POST /explain", "GET /sessions/{name}/explain", "POST /sessions/{name}/corrections", "POST /sessions/{name}/withdrawals"}
    assert service.get("/health")["status"] == "ok"


def test_the_stream_is_in_the_document(service: Served) -> None:
    answers = service.get("/openapi.json")["paths"]["/sessions/{name}/changes"]["get"]["responses"]
    assert "text/event-stream" in answers["200"]["content"]
    assert {"404", "422", "503"} <= set(answers)
