"""The ASGI app: every route in one place, and the workers that live and die with it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.logs import to_stderr
from app.metrics import FrontdoorCollector
from app.settings import Settings, load
from app.simulator import routes as simulator
from app.state import nlu_state
from app.wiring import Frontdoor, build
from bot.webchat import webhook as webchat
from console import mount as mount_console
from scheduler.clock import ClockWork

MOST_BODY = 256 * 1024  # bytes
NO_SCHEDULER = "FRONTDOOR_NO_SCHEDULER"


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app; uvicorn calls this in every web process."""
    to_stderr()
    front = build(settings or load())
    app = FastAPI(
        title="frontdoor", version="0.1.0", lifespan=_lifespan(front), docs_url=None, redoc_url=None
    )
    app.state.front = front
    app.middleware("http")(_limit_body)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(DBAPIError, _database_away)
    app.add_exception_handler(PoolTimeout, _database_away)
    app.include_router(webchat.routes(front.house, front.webchat, front.inbox_bell))
    app.include_router(simulator.routes(front))
    app.mount("/try/static", simulator.STATIC)
    _health(app, front)
    mount_console(app, front.house, front.settings.secret)
    return app


def _lifespan(front: Frontdoor):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        working = not os.environ.get(NO_SCHEDULER)
        front.start(working=working)
        clock = ClockWork(front.house, after=front.outbox_bell)
        if working:
            clock.start()
        try:
            yield
        finally:
            if working:
                clock.stop()
            front.stop()

    return lifespan


def _health(app: FastAPI, front: Frontdoor) -> None:
    @app.get("/")
    def home() -> RedirectResponse:
        return RedirectResponse("/try")

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """Ready when the database answers; a missing model is told, but keywords file tickets too."""
        try:
            with front.house.database.reading() as session:
                session.execute(text("SELECT 1"))
        except DBAPIError as error:
            return JSONResponse({"status": "database away", "reason": str(error.orig)}, status_code=503)
        return JSONResponse({"status": "ok", "nlu": nlu_state(front)})

    house_figures = CollectorRegistry()
    house_figures.register(FrontdoorCollector(front.house))

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(
            generate_latest(REGISTRY) + generate_latest(house_figures), media_type=CONTENT_TYPE_LATEST
        )


async def _limit_body(request: Request, call_next):  # type: ignore[no-untyped-def]
    """Refuse what is too large by its stated length, and what does not state one."""
    if request.method in ("POST", "PUT", "PATCH") and not request.url.path.startswith("/console"):
        length = request.headers.get("content-length", "")
        if not length.isdigit():
            return JSONResponse({"error": "length required"}, status_code=411)
        if int(length) > MOST_BODY:
            return JSONResponse({"error": "too large"}, status_code=413)
    return await call_next(request)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    told = "; ".join(f"{'.'.join(str(p) for p in e['loc'][1:])}: {e['msg']}" for e in problems)
    return JSONResponse({"error": told or "invalid request"}, status_code=422)


async def _database_away(_request: Request, _error: Exception) -> JSONResponse:
    # Not stored, so not acknowledged: the sender keeps it and tries again.
    return JSONResponse({"error": "try again shortly"}, status_code=503, headers={"Retry-After": "2"})
