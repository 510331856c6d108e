"""``frontdoor import outlets|hotlines|articles FILE``."""

from enum import StrEnum
from pathlib import Path

import typer

app = typer.Typer(add_completion=False)


class What(StrEnum):
    outlets = "outlets"
    hotlines = "hotlines"
    articles = "articles"


@app.command()
def import_(what: What, file: Path) -> None:
    """Bring in a file (CSV for outlets and hotlines, YAML for articles); rows with the same key are replaced."""
    from app.commands.office import fail, opened
    from core.knowledge.reference import BadReference, import_file

    if not file.is_file():
        fail(f"no such file: {file}", 2)
    with opened() as house, house.database.session() as session:
        try:
            count = import_file(session, what.value, file)
        except BadReference as problem:
            fail(str(problem))
            return
        session.commit()
    print(f"{count} {what.value}")
