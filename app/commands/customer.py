"""``frontdoor customer PHONE``: a customer's file."""

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def customer(phone: str, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Identities, devices, tickets, and every call and message with its time, channel and outcome."""
    from sqlalchemy import select

    from app.commands.office import fail, opened, print_json
    from app.export import customer_record
    from core.customer.model import Customer
    from core.dialogue.facts import phone_number
    from core.ticket.model import Ticket

    number = phone_number(phone)
    if number is None:
        fail(f"not a phone number: {phone}", 2)
        return
    with opened() as house, house.database.reading() as session:
        named = select(Ticket.customer_id).where(Ticket.phone == number)
        people = session.scalars(select(Customer).where((Customer.phone == number) | Customer.id.in_(named))).all()
        if not people:
            fail(f"no customer with the phone number {number}")
        record = customer_record(session, house, number, list(people))
    if as_json:
        print_json(record)
        return
    print(f"{record['name'] or '—'}  {record['phone']}  {record['address'] or '—'}")
    for row in record["tickets"]:
        print(f"  {row['number']}  {house.book.label('state', row['state'])}  {row['description'] or ''}"[:110])
    for row in record["contacts"]:
        print(f"  {row['at']}  {row['channel']}  {'客' if row['direction'] == 'in' else '答'}：{row['text'][:60]}")
