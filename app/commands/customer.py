"""``frontdoor customer PHONE``: a customer's file."""

from typing import Annotated, Any

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
    identity: Annotated[
        str | None, typer.Option("--identity", help="Who was called, CHANNEL:ID, when several say so.")
    ] = None,
    contract: Annotated[
        str | None,
        typer.Option("--contract", help="Whose service levels apply: standard, engineering, medical, …"),
    ] = None,
    unlink: Annotated[str | None, typer.Option("--unlink", help="Take CHANNEL:ID out of this file.")] = None,
) -> None:
    """Identities, devices, tickets, surveys and follow-ups, and every call and message with its time, channel and outcome."""
    from app.commands.office import fail, opened, print_json
    from core.dialogue.facts import phone_number

    number = phone_number(phone)
    if number is None:
        fail(f"not a phone number: {phone}", 2)
        return
    with opened() as house:
        if verify:
            _verify(house, number, identity)
        if contract:
            _give_contract(house, number, contract)
        if unlink:
            _unlink(house, number, unlink)
        with house.database.reading() as session:
            record = _record(house, session, number)
    if as_json:
        print_json(record)
    else:
        _print(house, record)


def _print(house, record: dict[str, Any]) -> None:  # type: ignore[no-untyped-def]
    print(f"{record['name'] or '—'}  {record['phone']}  {record['address'] or '—'}")
    for row in record["identities"]:
        print(f"  {row['channel']}:{row['external_id']}  {row['name'] or ''}")
    for row in record["tickets"]:
        print(
            f"  {row['number']}  {house.book.label('state', row['state'])}  {row['description'] or ''}"[:110]
        )
    for row in (*record["surveys"], *record["follow_ups"]):
        when = row["asked_at"] or row["next_at"] or row["due_at"]
        what = row["title"] or row["plan"]
        print(f"  {when[:16]}  {what}  {row['state']}  {row['outcome'] or row['why'] or ''}"[:110])
    for row in record["contacts"]:
        files = f"  [{row['kind']} × {row['media']}]" if row["media"] else ""
        print(
            f"  {row['at']}  {row['channel']}  {'客' if row['direction'] == 'in' else '答'}：{row['text'][:60]}{files}"
        )


def _record(house, session, number: str):  # type: ignore[no-untyped-def]
    from sqlalchemy import select

    from app.commands.office import fail
    from app.customer_file import customer_record
    from core.customer.model import Customer
    from core.ticket.model import Ticket

    named = select(Ticket.customer_id).where(Ticket.phone == number)
    theirs = (Customer.phone == number) | Customer.id.in_(named)
    people = session.scalars(select(Customer).where(theirs, Customer.merged_into.is_(None))).all()
    if not people:
        fail(f"no customer with the phone number {number}")
    return customer_record(session, house, number, list(people))


def _verify(house, number: str, which: str | None) -> None:  # type: ignore[no-untyped-def]
    from app.commands.office import fail
    from core.customer.desk import SeveralClaim, UnknownIdentity, verified_by_call

    with house.database.session() as session:
        try:
            verified_by_call(session, number, which=which, at=house.clock.now(), actor="staff")
        except (UnknownIdentity, SeveralClaim) as error:
            fail(house.book.text(f"error.{type(error).__name__}", **vars(error)))
        session.commit()


def _give_contract(house, number: str, name: str) -> None:  # type: ignore[no-untyped-def]
    from sqlalchemy import select

    from app.commands.office import fail
    from core.customer.model import Customer
    from core.ticket.actions import BadRequest
    from core.ticket.beside import give_contract

    with house.database.session() as session:
        theirs = select(Customer).where(Customer.phone == number, Customer.merged_into.is_(None))
        people = session.scalars(theirs.order_by(Customer.id)).all()
        if not people:
            fail(f"no customer with the phone number {number}")
        try:
            for person in people:
                give_contract(
                    session,
                    house,
                    person,
                    name,
                    at=house.clock.now(),
                    actor="staff",
                    channel="staff",
                )
        except BadRequest as error:
            fail(house.book.text("error.BadRequest", what=error.what), 2)
        session.commit()


def _unlink(house, number: str, which: str) -> None:  # type: ignore[no-untyped-def]
    from app.commands.office import fail
    from core.customer.desk import UnknownIdentity, unlinked_by_desk
    from core.customer.linking import owner_of

    with house.database.session() as session:
        owner = owner_of(session, number)
        if owner is None:
            fail(f"nobody has proved the phone number {number}")
            return
        try:
            unlinked_by_desk(session, which, customer_id=owner.id, at=house.clock.now(), actor="staff")
        except UnknownIdentity as error:
            fail(house.book.text("error.UnknownIdentity", which=error.which))
        session.commit()
