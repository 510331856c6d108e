"""Finding tickets among a million: an index drives, filters follow, pages are keys and never offsets."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, text, union_all
from sqlalchemy.orm import Session

from core.dialogue.facts import phone_number
from core.ticket.model import KINDS, Ticket

PAGE = 50
# A filter that no index serves looks at this many of the newest tickets, then asks before it goes on.
SCAN = 20_000
# Letter by letter the condition of the partial indexes; bound parameters would hide it from the planner.
OPEN = text("tickets.state NOT IN ('closed', 'cancelled', 'merged')")
FILTERS = ("kind", "severity", "category", "outlet", "channel")


@dataclass(frozen=True)
class Search:
    """What was asked for; ``before`` is the id under which this page starts."""

    q: str = ""
    state: str = ""
    kind: str = ""
    severity: str = ""
    category: str = ""
    outlet: str = ""
    assignee: str = ""
    channel: str = ""
    scope: str = "open"
    before: int | None = None

    @classmethod
    def of(cls, query: Any, own: str | None) -> "Search":
        """From the address line; ``own`` ties it to one assignee, whatever was asked."""
        values: dict[str, Any] = {f.name: (query.get(f.name) or f.default) for f in fields(cls)}
        values["q"] = (values["q"] or query.get("find") or "").strip()[:100]
        values["before"] = _id(str(values["before"]))
        if own is not None:
            values["assignee"] = own
        return cls(**values)

    @property
    def filtered(self) -> bool:
        """Whether anything was asked for beside open or all."""
        return any((self.q, self.state, self.assignee, *(getattr(self, name) for name in FILTERS)))


@dataclass(frozen=True)
class Found:
    """``following`` is the next page's key; ``cut`` says that the look ended before the tickets did."""

    tickets: list[Ticket]
    following: int | None
    cut: bool = False


def find_tickets(session: Session, search: Search) -> Found:
    """A page, newest first. Where no index answers, SCAN rows are looked through, and ``following`` goes on from there."""
    rest = _rest(search)
    window = _driven(search, SCAN if rest else PAGE + 1).subquery()
    query = select(Ticket).join(window, window.c.id == Ticket.id).where(*rest)
    tickets = list(session.scalars(query.order_by(Ticket.id.desc()).limit(PAGE + 1)))
    if len(tickets) > PAGE:
        return Found(tickets[:PAGE], tickets[PAGE - 1].id)
    if rest:
        looked, last = session.execute(select(func.count(), func.min(window.c.id))).one()
        if looked == SCAN:
            return Found(tickets, last, cut=True)
    return Found(tickets, None)


def _driven(search: Search, limit: int) -> Select[Any]:
    """The newest ids that one index can hand out in order."""
    older = [Ticket.id < search.before] if search.before else []
    exact = _exact(search.q)
    if exact is not None:
        return _newest(
            limit, exact, *older, *([Ticket.assignee == search.assignee] if search.assignee else [])
        )
    if search.assignee:
        return _newest(limit, Ticket.assignee == search.assignee, *older)
    if search.state:
        return _newest(limit, Ticket.state == search.state, *older)
    if search.scope != "open" or search.q:
        return _newest(limit, *older)
    kinds = [search.kind] if search.kind in KINDS else KINDS
    parts = [_newest(limit, Ticket.kind == kind, OPEN, *older).subquery() for kind in kinds]
    together = union_all(*(select(part.c.id) for part in parts)).subquery()
    return select(together.c.id).order_by(together.c.id.desc()).limit(limit)


def _newest(limit: int, *conditions: Any) -> Select[Any]:
    return select(Ticket.id).where(*conditions).order_by(Ticket.id.desc()).limit(limit)


def _exact(q: str) -> ColumnElement[bool] | None:
    """A whole ticket number or a whole phone number."""
    digits = "".join(c for c in q if c.isdigit())
    if not digits or any(c.isalpha() for c in q):
        return None
    if len(digits) >= 10 and not (digits.startswith("0") or (digits.startswith("1") and len(digits) == 11)):
        number = None if len(digits) == 10 or not digits.startswith("86") else phone_number("+" + digits)
        return Ticket.phone == number if number else Ticket.number == digits
    number = phone_number(digits) if len(digits) >= 10 else None
    return Ticket.phone == number if number else None


def _rest(search: Search) -> list[Any]:
    """What the driving index does not check."""
    if _exact(search.q) is not None:
        return []
    columns = {"outlet": Ticket.outlet_id, "channel": Ticket.opened_via}
    conditions: list[Any] = []
    for name in FILTERS:
        value = getattr(search, name)
        if value and not (name == "kind" and _by_kind(search)):
            column = columns.get(name) or getattr(Ticket, name)
            conditions.append(column == ((_id(value) or 0) if name == "outlet" else value))
    if search.assignee:
        conditions += [Ticket.state == search.state] if search.state else []
        conditions += [OPEN] if search.scope == "open" and not search.state and not search.q else []
    if search.q:
        conditions.append(_loose(search.q))
    return conditions


def _by_kind(search: Search) -> bool:
    return (
        search.scope == "open" and search.kind in KINDS and not (search.assignee or search.state or search.q)
    )


def _loose(q: str) -> ColumnElement[bool]:
    if q.isdigit():
        return Ticket.number.startswith(q) | Ticket.phone.endswith(q)
    return Ticket.name.contains(q, autoescape=True)


def _id(raw: str) -> int | None:
    """A row id from an address line; None for anything a database would choke on."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None
