"""From the forms of the training pages to what the core plans."""

from datetime import date, datetime
from typing import Any

from console.wording import say
from core.dialogue.facts import phone_number
from core.house import House
from core.training.lists import Listed
from core.training.schedule import BadSession, Plan

_NUMBERS = ("seats", "lessons", "lesson_minutes", "break_minutes")


def field(form: Any, name: str) -> str:
    return str(form.get(name) or "").strip()


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
    words = {name: field(form, name) or None for name in ("organisation", "lead_name")}
    return Plan(course, start, end, place=field(form, "place"), lead_phone=lead, **numbers, **people, **words)  # type: ignore[arg-type]


def told(done: Listed, *, dry: bool) -> str:
    """What came of a list, in words."""
    bad = "; ".join(f"{number}: {say(f'trainings.bad_{why}')}" for number, why in done.refused[:50])
    words = {"registered": done.registered, "waiting": done.waiting, "known": done.known, "bad": bad or "—"}
    return say("trainings.would" if dry else "trainings.listed", **words)
