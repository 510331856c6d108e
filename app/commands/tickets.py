"""``frontdoor tickets``: the list, for people or as JSON."""

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def tickets(
    as_json: Annotated[bool, typer.Option("--json", help="Every field, with timelines.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="The newest so many; 0 means all.")] = 0,
) -> None:
    """List tickets, newest first."""
    from sqlalchemy import select
    from sqlalchemy.orm import selectinload

    from app.commands.office import opened, print_json
    from app.export import ticket_record
    from core.ticket.model import Ticket

    with opened() as house, house.database.reading() as session:
        query = select(Ticket).options(selectinload(Ticket.timeline)).order_by(Ticket.id.desc())
        rows = session.scalars(query.limit(limit) if limit else query).all()
        records = [ticket_record(session, house, ticket) for ticket in rows]
        if as_json:
            print_json(records)
            return
        from rich.console import Console
        from rich.table import Column, Table

        table = Table(
            Column("number", no_wrap=True), "kind", "state", "severity", "device", "name", "outlet", "opened"
        )
        for r in records:
            device = " ".join(filter(None, (r["brand"], house.book.label("category", r["category"]))))
            state, kind = house.book.label("state", r["state"]), house.book.label("kind", r["kind"])
            severity = house.book.label("severity", r["severity"])
            table.add_row(
                r["number"],
                kind,
                state,
                severity,
                device,
                r["name"] or "—",
                r["outlet"] or "—",
                r["opened_at"][:16],
            )
        Console().print(table if records else "还没有工单 · no tickets yet")
