"""``frontdoor nlu``: the language model's own commands, and what people labelled for the next training."""

from pathlib import Path
from typing import Annotated

import typer

from nlu.cli import app

__all__ = ["app"]


@app.command()
def export(
    out: Annotated[Path | None, typer.Option(help="A file instead of standard output.")] = None,
) -> None:
    """Write the sentences labelled in the console as Rasa YAML; put the file under nlu/rasa/data/nlu and train."""
    from app.commands.office import opened
    from core.nlu_review.review import labelled
    from nlu.export import rasa_yaml

    with opened() as house, house.database.reading() as session:
        text = rasa_yaml((row.text, row.label) for row in labelled(session) if row.label)
    if out:
        out.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
