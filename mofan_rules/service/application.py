"""The application: the operations behind the guard, with one form for everything that is wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Security
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline

from mofan_rules.service.guard import Guard
from mofan_rules.service.operations import questions, watching
from mofan_rules.service.problems import handle
from mofan_rules.service.service import Service
from mofan_rules.service.session_operations import session_operations

DESCRIPTION = """Who meets which obligation, when, and why.

What is wrong is told in one form: `diagnostics`, each with a code, a sentence in Chinese and English, and its place."""


def application(service: Service) -> FastAPI:
    """The application of a service, and its OpenAPI document."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        if service.sessions is not None:
            await service.sessions.close()

    app = FastAPIOffline(title="mofan_rules", version=service.version, description=DESCRIPTION, redoc_url=None, lifespan=lifespan)
    secured = [Security(HTTPBearer(auto_error=False, description="the token in the environment of the service"))] if service.settings.token else []
    app.include_router(questions(service), dependencies=secured)
    if service.sessions is not None:
        app.include_router(session_operations(service, service.sessions), dependencies=secured)
    app.include_router(watching(service))
    app.add_middleware(Guard, settings=service.settings, metrics=service.metrics)
    handle(app, service.settings.rulesets)
    return app
