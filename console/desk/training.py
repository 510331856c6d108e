"""From the forms of the training pages to what the core plans."""

from datetime import date, datetime
from typing import Any

from console.wording import say
from core.dialogue.facts import phone_number
from core.house import House
from core.messaging.outbox import sayable
from core.training.lists import Listed
from core.training.schedule import LONGEST, BadSession, Plan

_TOLD = 50  # bad rows that are told one by one
_NUMBERS = ("seats", "lessons", "lesson_minutes", "break_minutes")


def field(form: Any, name: str) -> str:
    """What was typed, on one line and without what neither database nor workbook can hold."""
    return " ".join(sayable(str(form.get(name) or "")).split())


def lines(form: Any, name: str) -> str:
    """What was typed into a large field, where each line is a thing of its own."""
    return "\n".join(" ".join(sayable(line).split()) for line in str(form.get(name) or "").splitlines())


def plan_from(house: House, form: Any) -> Plan:
    """BadSession for what is no date, hour or number."""
    try:
        day = date.fromisoformat(field(form, "day"))
        start, end = (
            datetime.combine(day, datetime.strptime(field(form, name), "%H:%M").time(), house.zone)
            for name in ("from", "until")
        )
        numbers = {name: int(field(form, name)) for name in _NUMBERS}
        people = {name: int(field(form, name)) or None for name in ("trainer_id", "head_id")}
        course = int(field(form, "course_id"))
    except ValueError as wrong:
        raise BadSession("times") from wrong
    phone = field(form, "lead_phone")
    lead = phone_number(phone) if phone else None
    if phone and lead is None:
        raise BadSession("phone")
    words = {name: field(form, name)[:LONGEST] or None for name in ("organisation", "lead_name")}
    return Plan(course, start, end, place=field(form, "place"), lead_phone=lead, **numbers, **people, **words)  # type: ignore[arg-type]


def told(done: Listed, *, dry: bool) -> str:
    """What came of a list, in words."""
    words = {"registered": done.registered, "waiting": done.waiting, "known": done.known}
    came = say("trainings.would" if dry else "trainings.listed", **words)
    if not done.refused:
        return came
    rows = [
        say("trainings.left_out_row", number=number, why=say(f"trainings.bad_{why}"))
        for number, why in done.refused[:_TOLD]
    ]
    more = len(done.refused) - len(rows)
    rows += [say("trainings.left_out_more", count=more)] if more else []
    return f"{came} {say('trainings.left_out', count=len(done.refused), rows=say('trainings.left_out_gap').join(rows))}"
