"""``frontdoor channels check``: what works, and what to do where it does not."""

from typing import Annotated, Any

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True)

SIGNS = {True: "✓", False: "✗", None: "·"}


@app.callback()
def _group() -> None:
    """The channels to customers and staff."""


@app.command()
def check(
    as_json: Annotated[bool, typer.Option("--json")] = False,
    language: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """Ask every provider whether our side is set up; exit code 1 when something is wrong."""
    from app.channel_checks import check_all
    from app.commands.office import print_json
    from app.settings import Settings, load
    from core.knowledge.book import Book

    try:
        settings = Settings()  # not load(): what is half set is a finding here, not the end
    except ValueError:
        settings = load()  # which says in kind words what cannot be read at all
    database = _database(settings)
    found, book = check_all(settings, database), Book(database)
    if as_json:
        print_json([_record(book, language, name, one) for name in found for one in found[name]])
    else:
        _print(book, language, found)
    if database is not None:
        database.close()
    if any(one.ok is False for findings in found.values() for one in findings):
        raise SystemExit(1)


def _database(settings: Any) -> Any:
    """The database if it answers; the checks are worth having without it."""
    from sqlalchemy.exc import SQLAlchemyError

    from app.schema import is_current
    from core.database import Database

    try:
        database = Database(settings.database)
        return database if is_current(database) else None
    except SQLAlchemyError:
        return None


def _words(book: Any, language: str, finding: Any) -> str:
    return str(book.text(finding.key, language, **finding.values))


def _record(book: Any, language: str, channel: str, finding: Any) -> dict[str, Any]:
    text = _words(book, language, finding)
    return {"channel": channel, "ok": finding.ok, "key": finding.key, "text": text, "values": finding.values}


def _print(book: Any, language: str, found: dict[str, list[Any]]) -> None:
    for name, findings in found.items():
        print(book.text("check.all", language) if name == "all" else book.label("channel", name, language))
        for one in findings:
            print(f"  {SIGNS[one.ok]} {_words(book, language, one)}")
