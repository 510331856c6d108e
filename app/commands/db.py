"""``frontdoor db upgrade``: schema and reference data."""

import sys

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The database."""


@app.command()
def upgrade() -> None:
    """Bring the schema up to date and add missing reference data; what staff changed stays."""
    from app.schema import upgrade as run
    from app.settings import load
    from core.database import Database

    database = Database(load().database)
    run(database)
    database.close()
    print("frontdoor: the database is up to date", file=sys.stderr)
