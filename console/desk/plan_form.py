"""A plan of the follow-up programme as a form, and back; and its times in words."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from starlette.datastructures import FormData

from console.wording import say
from core.house import House
from core.programme.model import FollowUpPlan
from core.programme.offset import Offset
from core.programme.plan import Plan
from core.programme.rhythm import Spell
from core.programme.shipped import columns

TEXTS = ("name", "title", "title_en", "trigger", "action", "within", "clock", "text", "text_en")
LISTS = ("questions", "stops")
SHOWN = 12  # dates of a preview
FAR = timedelta(days=366 * 5)
UNTIL = ("until", "直到", "到")
BLANK: dict[str, Any] = {
    "name": "", "title": "", "title_en": "", "trigger": "sale", "action": "ask", "within": "3 days", "clock": "10:00",
    "starts_on": None, "rhythm": {}, "who": {}, "questions": ["usage", "words"], "text": "", "text_en": "",
    "channels": ["chat", "person"], "stops": ["device_retired", "no_more", "open_complaint"], "spare_holidays": True,
    "active": True,
}  # fmt: skip


def row_of(form: FormData) -> dict[str, Any]:
    """The columns that a filled-in form stands for; whether they make a plan is for the core to say."""
    row: dict[str, Any] = {name: str(form.get(name) or "").strip()[:600] for name in TEXTS}
    row["starts_on"] = str(form.get("starts_on") or "") or None
    row |= {name: [str(value) for value in form.getlist(name)] for name in LISTS}
    row["channels"] = list(dict.fromkeys(str(value) for value in form.getlist("channels") if value))
    row["rhythm"] = {
        "at": _parts(form.get("at")),
        "every": [_spell(one) for one in _parts(form.get("every"))],
    }
    row["who"] = {
        "contracts": [str(value) for value in form.getlist("contracts")],
        "categories": [str(value) for value in form.getlist("categories")],
        "models": _parts(form.get("models")),
    }
    row["spare_holidays"], row["active"] = "spare_holidays" in form, "active" in form
    return row


def _parts(text: Any) -> list[str]:
    """Several in one field, parted by commas or lines."""
    for mark in ("，", "、", ";", "；", "\n"):
        text = str(text or "").replace(mark, ",")
    return [part.strip()[:60] for part in text.split(",") if part.strip()][:20]


def _spell(text: str) -> dict[str, str]:
    """ "1 month until 1 year", also written "1 month 直到 1 year"."""
    for word in UNTIL:
        each, mark, until = text.partition(word)
        if mark:
            return {"each": each.strip(), "until": until.strip()}
    return {"each": text}


def values_of(row: FollowUpPlan | dict[str, Any]) -> dict[str, Any]:
    """What stands in the fields of the form."""
    values = dict(row) if isinstance(row, dict) else columns(row)
    rhythm, who = values["rhythm"] or {}, values["who"] or {}
    values["at"] = ", ".join(rhythm.get("at") or ())
    values["every"] = "\n".join(map(_written, rhythm.get("every") or ()))
    values |= {name: who.get(name) or [] for name in ("contracts", "categories")}
    values["models"] = ", ".join(who.get("models") or ())
    return values


def _written(line: dict[str, str]) -> str:
    return f"{line['each']} until {line['until']}" if line.get("until") else str(line["each"])


def times(plan: Plan) -> str:
    """The rhythm in words: 25 天后；每 1 个月，直到满 1 年；再每 2 个月 …"""
    parts: list[str] = []
    for offset in plan.rhythm.at:
        way = "before" if offset.amount < 0 else "after"
        parts.append(say(f"plans.time.{way}", span=span(offset)))
    parts += _spells(plan.rhythm.spells)
    return say("plans.time.gap").join(parts)


def _spells(spells: Iterable[Spell]) -> list[str]:
    return [
        say("plans.time.until", each=span(one.each), until=span(one.until))
        if one.until
        else say("plans.time.every", each=span(one.each))
        for one in spells
    ]


def span(offset: Offset) -> str:
    """3 天, 2 个月: without before or after."""
    return say(f"plans.unit.{offset.unit}", count=abs(offset.amount))


def preview(house: House, plan: Plan, event: date) -> list[datetime]:
    """The first dates of a plan for an event on this day; a calendar plan's from this day on."""
    moment = datetime.combine(event, time(), house.zone)
    if plan.trigger == "calendar" and plan.starts_on is not None:
        return plan.dates(plan.starts_on, since=moment, until=moment + FAR, zone=house.zone)[:SHOWN]
    start = datetime.combine(event, plan.clock, house.zone)
    return plan.dates(start, since=moment - FAR, until=moment + FAR, zone=house.zone)[:SHOWN]


def day_of(text: str | None) -> date | None:
    """A date as browsers send it; None for none, and for one outside 1990 to 2199."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1990 <= found.year < 2200 else None


def text_of(form: Any, name: str) -> str:
    """What was typed, 60 characters at most."""
    return str(form.get(name) or "").strip()[:60]
