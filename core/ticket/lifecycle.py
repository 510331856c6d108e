"""The life cycle as a table, and the one function that moves a ticket along it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.ticket.model import Ticket, TimelineEntry

STATES = [
    "filed",
    "accepted",
    "dispatched",
    "appointed",
    "on_site",
    "waiting_parts",
    "in_repair_centre",
    "revisit",
    "done",
    "followed_up",
    "closed",
    "cancelled",
    "merged",
]
ENDED = ("closed", "cancelled", "merged")
UNDER_WAY = ("dispatched", "appointed", "on_site", "waiting_parts", "in_repair_centre", "revisit")
OPEN = ("filed", "accepted", *UNDER_WAY, "done", "followed_up")


@dataclass(frozen=True)
class Verb:
    """From any of ``sources`` to ``target``."""

    sources: tuple[str, ...]
    target: str


VERBS = {
    "accept": Verb(("filed",), "accepted"),
    "dispatch": Verb(("filed", "accepted", "dispatched", "appointed", "revisit"), "dispatched"),
    "appoint": Verb(("dispatched", "appointed", "waiting_parts", "in_repair_centre", "revisit"), "appointed"),
    "arrive": Verb(("dispatched", "appointed", "revisit"), "on_site"),
    "wait_parts": Verb(("dispatched", "appointed", "on_site", "in_repair_centre"), "waiting_parts"),
    "to_centre": Verb(("dispatched", "appointed", "on_site", "waiting_parts"), "in_repair_centre"),
    "revisit": Verb(("on_site", "waiting_parts", "in_repair_centre", "done"), "revisit"),
    "done": Verb(("filed", "accepted", *UNDER_WAY), "done"),
    "follow_up": Verb(("done",), "followed_up"),
    "close": Verb(("filed", "accepted", "done", "followed_up"), "closed"),
    "cancel": Verb(("filed", "accepted", *UNDER_WAY), "cancelled"),
    "reopen": Verb(("done", "followed_up", "closed", "cancelled"), "filed"),
    "merge": Verb(("filed", "accepted", *UNDER_WAY), "merged"),
}


class IllegalMove(Exception):
    """工单 {number} 现在是“{state}”,不能做“{verb}”。可以做的:{allowed}。"""

    def __init__(self, *, number: str, state: str, verb: str) -> None:
        super().__init__(f"{number}: {verb} is not possible from {state}")
        self.number, self.state, self.verb = number, state, verb
        self.allowed = allowed_verbs(state)


def allowed_verbs(state: str) -> list[str]:
    """What may be done to a ticket in ``state``, in the table's order."""
    return [name for name, verb in VERBS.items() if state in verb.sources]


def note(
    session: Session,
    ticket: Ticket,
    *,
    verb: str,
    at: datetime,
    actor: str,
    channel: str,
    text: str | None = None,
    audience: str = "customer",
) -> None:
    """Write a timeline entry that moves nothing."""
    entry = TimelineEntry(
        ticket_id=ticket.id, at=at, actor=actor, verb=verb, channel=channel, note=text, audience=audience
    )
    session.add(entry)


def move(
    session: Session,
    ticket: Ticket,
    verb: str,
    *,
    at: datetime,
    actor: str,
    channel: str,
    text: str | None = None,
) -> None:
    """Move a ticket along the table and write it on the timeline; IllegalMove when the table has no such step."""
    step = VERBS[verb]
    if ticket.state not in step.sources:
        raise IllegalMove(number=ticket.number, state=ticket.state, verb=verb)
    before, ticket.state = ticket.state, step.target
    if step.target in ENDED:
        ticket.closed_at = at
    elif before in ENDED:
        ticket.closed_at = None
    if step.target == "done":
        ticket.done_at = at
    session.add(
        TimelineEntry(
            ticket_id=ticket.id,
            at=at,
            actor=actor,
            verb=verb,
            channel=channel,
            note=text,
            from_state=before,
            to_state=step.target,
        )
    )
