"""The ASGI app: every route in one place, and the workers that live and die with it."""

import gc
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

from app.body import LimitBody
from app.channel_settings import is_on
from app.frontdoor import Frontdoor
from app.logs import to_stderr
from app.metrics import FrontdoorCollector
from app.scan_links import ScanLinks
from app.settings import Settings, load
from app.simulator import group_page
from app.simulator import routes as simulator
from app.state import nlu_state
from app.telephone import outside_url, signing_tokens
from app.wiring import CHANNELS, build
from bot.webchat import group
from bot.webchat import webhook as webchat
from console import Outside
from console import mount as mount_console
from ivr import webhooks as voice
from ivr.signature import Signature
from scheduler.clock import ClockWork

NO_SCHEDULER = "FRONTDOOR_NO_SCHEDULER"


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app; uvicorn calls this in every web process."""
    to_stderr()
    front = build(settings or load())
    app = FastAPI(
        title="frontdoor", version="0.1.0", lifespan=_lifespan(front), docs_url=None, redoc_url=None
    )
    app.state.front = front
    app.add_middleware(LimitBody)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(DBAPIError, _database_away)
    app.add_exception_handler(PoolTimeout, _database_away)
    _telephone(app, front)  # the first routes are found first, and callers wait on the line
    app.include_router(webchat.routes(front.house, front.webchat, front.reception))
    app.include_router(group.routes(front.house, front.webchat, front.reception))
    app.include_router(group_page.ROUTER)
    for router in front.routers:
        app.include_router(router)
    app.include_router(simulator.routes(front))
    app.mount("/try/static", simulator.STATIC)
    _health(app, front)
    mount_console(app, front.house, front.settings.secret, _outside(front))
    return app


def _telephone(app: FastAPI, front: Frontdoor) -> None:
    """The phone's webhooks: with an account, or in a demo for our own simulator; else there are none."""
    settings = front.settings
    if not (is_on(settings, "twilio") or settings.demo):
        return
    signature = Signature(signing_tokens(settings))
    app.include_router(
        voice.routes(
            front.phone, signature, lambda host: outside_url(settings, f"http://{host}"), front.inbox_bell
        )
    )


def _outside(front: Frontdoor) -> Outside:
    """What the console shows beside the house."""
    channels = {"webchat": True, **{name: is_on(front.settings, name) for name in CHANNELS}}
    links = ScanLinks(front.settings, getattr(front.channels.get("wechat"), "scene_link", None))
    return Outside(front.media, links, channels)


def _lifespan(front: Frontdoor):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        working = not os.environ.get(NO_SCHEDULER)
        front.start(working=working)
        clock = ClockWork(front.house, after=front.outbox_bell, heartbeat=front.settings.heartbeat_url)
        if working:
            clock.start()
        gc.freeze()  # what is loaded by now stays: looking through it again and again would hold up whoever waits
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


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    told = "; ".join(f"{'.'.join(str(p) for p in e['loc'][1:])}: {e['msg']}" for e in problems)
    return JSONResponse({"error": told or "invalid request"}, status_code=422)


async def _database_away(_request: Request, _error: Exception) -> JSONResponse:
    # Not stored, so not acknowledged: the sender keeps it and tries again.
    return JSONResponse({"error": "try again shortly"}, status_code=503, headers={"Retry-After": "2"})
