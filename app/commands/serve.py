"""``frontdoor serve``: the web server, with clock, workers and, where it is installed, its own model server."""

import os
import secrets
import socket
import sys

import typer

from app.commands.demo import PASSWORD_FILE
from app.settings import BadSettings, Settings, load
from app.state import EXPECTED
from app.web import NO_SCHEDULER

app = typer.Typer(add_completion=False)


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
    _announce(settings, f"http://{host}:{port}")
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


def _model_server(settings: Settings):  # type: ignore[no-untyped-def]
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
    return ModelServer(port, token).start()
