"""``frontdoor serve``: the web server, with clock, workers and, where it is installed, its own model server."""

import os
import secrets
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

import typer

from app.commands.demo import PASSWORD_FILE
from app.settings import BadSettings, Settings, load
from app.state import EXPECTED
from app.web import NO_SCHEDULER

if TYPE_CHECKING:
    from nlu.process import ModelServer

app = typer.Typer(add_completion=False)

MOST_WAIT = 30.0  # seconds that the address and the model wait for the door to open


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = typer.Option(1, min=1, help="Web processes; more than one needs PostgreSQL."),
    scheduler: bool = typer.Option(
        True, help="Include the clock; --no-scheduler leaves it to 'frontdoor scheduler'."
    ),
) -> None:
    """Serve the front door. The schema is brought up to date first; the model may still be loading."""
    import uvicorn

    settings = load()
    if workers > 1 and settings.database.startswith("sqlite"):
        raise BadSettings(
            "--workers: SQLite has one writing process; set FRONTDOOR_DATABASE_URL to PostgreSQL"
        )
    _prepare(settings)
    if not scheduler:
        os.environ[NO_SCHEDULER] = "1"
    server = _model_server(settings)
    own = f"http://{host.replace('0.0.0.0', '127.0.0.1')}:{port}"
    opened = threading.Thread(
        target=_when_open, args=(settings, own, f"http://{host}:{port}", server), daemon=True
    )
    opened.start()
    # uvicorn raises the signal again when it is done; without a handler we would die before stopping the model.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        uvicorn.run(
            "app.web:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=5,
        )
    finally:
        if server is not None:
            server.stop()


def _announce(settings: Settings, address: str) -> None:
    print(f"frontdoor: customers  {address}/try", file=sys.stderr)
    kept = settings.directory / PASSWORD_FILE
    told = f"  (admin / {kept.read_text('utf-8').strip()})" if settings.demo and kept.exists() else ""
    print(f"frontdoor: staff      {address}/console{told}", file=sys.stderr, flush=True)


def _prepare(settings: Settings) -> None:
    from app.schema import upgrade
    from core.database import Database

    database = Database(settings.database)
    try:
        upgrade(database)
    finally:
        database.close()


def _model_server(settings: Settings) -> "ModelServer | None":
    """A model server of our own on a free port, when none is named and the model is made; never a download here."""
    if settings.nlu_url:
        if settings.nlu_url == "off":
            os.environ["FRONTDOOR_NLU_URL"] = ""
        return None
    from nlu.process import ModelServer
    from nlu.ready import is_ready

    if not is_ready():
        note = "frontdoor: no language model here ('frontdoor nlu train' makes it); keywords are used instead"
        print(note, file=sys.stderr, flush=True)
        return None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = settings.nlu_token or secrets.token_urlsafe(16)
    os.environ |= {
        "FRONTDOOR_NLU_URL": f"http://127.0.0.1:{port}",
        "FRONTDOOR_NLU_TOKEN": token,
        EXPECTED: "1",
    }
    return ModelServer(port, token)


def _when_open(settings: Settings, own: str, shown: str, server: "ModelServer | None") -> None:
    """Customers first: an address is told when somebody answers there, and loading the model takes a whole core."""
    import httpx

    deadline = time.monotonic() + MOST_WAIT
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{own}/healthz", trust_env=False, timeout=1)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    _announce(settings, shown)
    if server is not None:
        server.start()
