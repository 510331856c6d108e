"""Timeline notes as people read them: the core writes ids and times, staff see names and wall clocks."""

import re
from datetime import datetime

from console.language import language
from console.wording import labels, say
from core.house import House
from core.staff import masking
from core.ticket.model import Ticket, TimelineEntry

_OUTLET = re.compile(r"^outlet (\d+)$")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d[+\d:]*$")

# Facts beside facts, which mean nothing to people.
_INTERNAL = ("purchase_precision", "nlu", "article")


def note_text(house: House, entry: TimelineEntry, ticket: Ticket, outlets: dict[int, str]) -> str:
    """The note of an entry, in the language of the request, masked."""
    note = entry.note or ""
    if entry.verb == "push":
        return note.partition(": ")[2] or note
    if entry.verb in ("sla_warning", "sla_breach"):
        return house.book.label("sla", note, language())
    if entry.verb in ("sla_paused", "sla_pause_over"):
        return house.book.label("pause", note, language())
    if entry.verb == "group_unsent":
        group, _, why = note.rpartition(" · ")
        word = house.book.label("qa_unsent", why, language())
        return say("timeline.group_unsent", group=group, why=word, do=say(f"groups.text.do.{why}"))
    if entry.verb in ("severity", "contract") and " → " in note:
        return " → ".join(house.book.label(entry.verb, part, language()) for part in note.split(" → "))
    if entry.verb == "no_answer":
        return house.book.label("asked_reason", note, language())
    if entry.verb == "update":
        names = [name for name in note.split(", ") if name not in _INTERNAL]
        return say("list.comma").join(_fact(house, name) for name in names)
    parts = (_part(house, part, outlets) for part in note.split(" · "))
    return masking.free_text(" · ".join(parts), ticket.address)


def _part(house: House, part: str, outlets: dict[int, str]) -> str:
    chosen = _OUTLET.match(part)
    if chosen:
        return outlets.get(int(chosen[1]), part)
    if _MOMENT.match(part):
        return house.local(datetime.fromisoformat(part)).strftime("%m-%d %H:%M")
    return part


def _fact(house: House, name: str) -> str:
    """A fact's label: the console's own, or the one the customer is asked by."""
    return (
        say(f"fact.{name}")
        if f"fact.{name}" in labels()["zh"]
        else house.book.label("slot", name, language())
    )
