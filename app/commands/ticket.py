"""``frontdoor ticket VERB NUMBER``: what staff do, from the command line."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from core.house import House
    from core.ticket.lifecycle import IllegalMove

app = typer.Typer(add_completion=False)


@app.command()
def ticket(
    verb: Annotated[
        str,
        typer.Argument(
            help="accept dispatch appoint arrive wait_parts to_centre revisit done close cancel reopen merge quote sign "
            "severity contract wait_customer go_on"
        ),
    ],
    number: str,
    value: Annotated[
        str | None, typer.Argument(help="For severity: normal serious urgent. For contract: its name.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who does it.")] = "staff",
    note: Annotated[str | None, typer.Option(help="Written on the timeline.")] = None,
    at: Annotated[
        str | None, typer.Option(help="Appointment time, or when it happened: 2026-11-23T10:00.")
    ] = None,
    outlet: Annotated[int | None, typer.Option(help="Outlet id, for dispatch.")] = None,
    into: Annotated[str | None, typer.Option(help="Number of the ticket to merge into.")] = None,
    fee: Annotated[float | None, typer.Option(help="Yuan, for quote.")] = None,
) -> None:
    """Do something to a ticket; the customer is told what concerns them."""
    from app.commands.office import fail, opened
    from core.ticket.actions import BadRequest, ConsentNeeded, Order, UnknownTicket, act
    from core.ticket.lifecycle import IllegalMove

    with opened() as house, house.database.session() as session:
        happened, appointment = _moments(house, verb, at)
        order = Order(number, verb, by, happened, "staff", note, appointment, outlet, into, fee, value)
        try:
            done = act(session, house, order)
        except IllegalMove as e:
            fail(_not_now(house, verb, e))
        except (ConsentNeeded, UnknownTicket) as e:
            fail(house.book.text(f"error.{type(e).__name__}", number=e.number))
        except BadRequest as e:
            fail(house.book.text("error.BadRequest", what=e.what))
        else:
            session.commit()
            print(f"{done.number} {done.state}")


def _moments(house: "House", verb: str, text: str | None) -> tuple[datetime, datetime | None]:
    """When it happened, never later than now; and for when the visit is appointed."""
    now, told = house.clock.now(), _time(text, house.zone)
    if verb == "appoint":
        return now, told
    return (min(told, now) if told else now), None


def _not_now(house: "House", verb: str, error: "IllegalMove") -> str:
    """What could be done instead, by the words of the house and those of this command."""
    allowed = "、".join(f"{house.book.label('verb', v)} {v}" for v in error.allowed) or "—"
    state = house.book.label("state", error.state)
    return house.book.text("error.IllegalMove", number=error.number, state=state, verb=verb, allowed=allowed)


def _time(text: str | None, zone) -> datetime | None:  # type: ignore[no-untyped-def]
    """ISO 8601; without a zone it is the business's wall clock."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        raise typer.BadParameter(f"not a time: {text} (example: 2026-11-23T10:00)") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
