"""``frontdoor customer PHONE``: a customer's file."""

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def customer(
    phone: str,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="The number was proved to be theirs, for example by calling back."),
    ] = False,
) -> None:
    """Identities, devices, tickets, and every call and message with its time, channel and outcome."""
    from app.commands.office import fail, opened, print_json
    from core.dialogue.facts import phone_number

    number = phone_number(phone)
    if number is None:
        fail(f"not a phone number: {phone}", 2)
        return
    with opened() as house:
        if verify:
            _verify(house, number)
        with house.database.reading() as session:
            record = _record(house, session, number)
    if as_json:
        print_json(record)
        return
    print(f"{record['name'] or '—'}  {record['phone']}  {record['address'] or '—'}")
    for row in record["tickets"]:
        print(
            f"  {row['number']}  {house.book.label('state', row['state'])}  {row['description'] or ''}"[:110]
        )
    for row in record["contacts"]:
        print(
            f"  {row['at']}  {row['channel']}  {'客' if row['direction'] == 'in' else '答'}：{row['text'][:60]}"
        )


def _record(house, session, number: str):  # type: ignore[no-untyped-def]
    from sqlalchemy import select

    from app.commands.office import fail
    from app.export import customer_record
    from core.customer.model import Customer
    from core.ticket.model import Ticket

    named = select(Ticket.customer_id).where(Ticket.phone == number)
    theirs = (Customer.phone == number) | Customer.id.in_(named)
    people = session.scalars(select(Customer).where(theirs, Customer.merged_into.is_(None))).all()
    if not people:
        fail(f"no customer with the phone number {number}")
    return customer_record(session, house, number, list(people))


def _verify(house, number: str) -> None:  # type: ignore[no-untyped-def]
    from sqlalchemy import select

    from core.customer.linking import verify_phone
    from core.customer.model import Customer

    with house.database.session() as session:
        claimed = select(Customer).where(Customer.phone == number, Customer.merged_into.is_(None))
        for person in session.scalars(claimed.order_by(Customer.id)):
            verify_phone(session, person, number, at=house.clock.now(), actor="staff", channel="staff")
        session.commit()
