"""``frontdoor promises``: what falls due, and why it was put off."""

from typing import Annotated, Any

import typer

app = typer.Typer(add_completion=False)


@app.command()
def promises(
    as_json: Annotated[bool, typer.Option("--json", help="Counts, and every field.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="The next so many.")] = 100,
) -> None:
    """List what is promised, the next first, with counts of what is due, kept, late and called off."""
    from app.commands.office import opened, print_json
    from core.promise.listing import counts, pending

    with opened() as house, house.database.reading() as session:
        now = house.clock.now()
        report = {
            "counts": counts(session, now=now),
            "pending": pending(session, house, now=now, limit=limit),
        }
    if as_json:
        print_json(report)
    else:
        _show(report)


def _show(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("due", no_wrap=True), "kind", "ticket", "tried", "put off because")
    for row in report["pending"]:
        due = row["due_at"][:16] + (" !" if row["due"] else "")
        table.add_row(due, row["kind"], row["ticket"] or "—", str(row["attempt"]), row["reason"] or "—")
    console = Console()
    console.print(table if report["pending"] else "没有待办的约定 · nothing is promised")
    console.print(" ".join(f"{name}={count}" for name, count in report["counts"].items()))
