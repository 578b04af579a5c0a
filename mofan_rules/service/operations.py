"""The operations without a session: questions whose facts come with them, or lie in the folder of facts; health and metrics."""

from fastapi import APIRouter, Response

from mofan_rules.service import work
from mofan_rules.service.answers import Explanation, Forecast, Health, Report
from mofan_rules.service.metrics import MEDIA_TYPE
from mofan_rules.service.models import DueRequest, EvaluateRequest, ExplainRequest
from mofan_rules.service.problems import told
from mofan_rules.service.service import Service

JSON = "application/json"
WRONG = told("malformed-body", "body-too-large", "wrong-content-type")


def questions(service: Service) -> APIRouter:
    """Evaluate, explain, due."""
    router = APIRouter(tags=["questions"])

    @router.post("/evaluate", response_model=Report, responses=WRONG)
    async def evaluate(asked: EvaluateRequest) -> Response:
        """All verdicts of a ruleset on facts, with their summary: what `mofan check --format json` writes."""
        return Response(await service.workers.do(work.evaluate, asked), media_type=JSON)

    @router.post("/explain", response_model=Explanation, responses=WRONG)
    async def explain(asked: ExplainRequest) -> Response:
        """Why one verdict is what it is, down to the rows of facts."""
        return Response(await service.workers.do(work.explain, asked), media_type=JSON)

    @router.post("/due", response_model=Forecast, responses=WRONG)
    async def due(asked: DueRequest) -> Response:
        """What is pending, the day on which that changes if nothing happens, and what it becomes."""
        return Response(await service.workers.do(work.due, asked), media_type=JSON)

    return router


def watching(service: Service) -> APIRouter:
    """Health and metrics."""
    router = APIRouter(tags=["operation"])

    @router.get("/health", responses=told())
    async def health() -> Health:
        """It answers. Needs no token."""
        return Health(status="ok", version=service.version, sessions=0 if service.sessions is None else len(service.sessions))

    @router.get("/metrics", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}, **told()})
    async def metrics() -> Response:
        """Numbers for Prometheus."""
        return Response(service.metrics.text(), media_type=MEDIA_TYPE)

    return router
