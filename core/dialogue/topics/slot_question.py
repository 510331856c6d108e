"""Asking for a slot, and showing what is in one."""

from core.dialogue.forms import FORMS
from core.dialogue.talk import Talk

# What a telephone can share by one touch.
SHARED = {"phone": "contact", "address": "location"}


def is_optional(talk: Talk, name: str) -> bool:
    """Whether it may be skipped on this channel; on the phone more may."""
    form = FORMS[talk.state.form or "repair"]
    return any(slot.name == name and slot.is_optional(talk.channel) for slot in form.slots)


def ask_for(talk: Talk, name: str) -> None:
    """One question; what may be left out says so."""
    optional = is_optional(talk, name)
    device = talk.label("category", talk.state.slots.get("category"))
    specific = f"ask.{name}.{talk.state.form}"
    talk.say(specific if talk.house.book.has(specific) else f"ask.{name}", device=device)
    choices = (("1", "skip"),) if optional else ()
    talk.ask("slot", *choices, slot=name)
    talk.extra.pop("ask", None)
    if name in SHARED:  # some channels have a button that shares it
        talk.extra |= {"ask": SHARED[name], "label": talk.label("share", SHARED[name])}


def complain_about_problems(talk: Talk) -> bool:
    """Say what cannot be right and ask for it again; True when there was such a thing in this form."""
    form = FORMS[talk.state.form or "repair"]
    for name, problem in talk.facts.problems.items():
        if any(slot.name == name for slot in form.slots) and not talk.facts.slots.get(name):
            talk.say(problem)
            optional = is_optional(talk, name)
            talk.ask("slot", *((("1", "skip"),) if optional else ()), slot=name)
            return True
    return False


def shown(talk: Talk, name: str) -> str:
    """A slot as it is read back."""
    value = talk.state.slots.get(name)
    if name == "category":
        return talk.label("category", value)
    if not value:
        return talk.house.book.text("word.unknown", talk.language)
    if name == "purchase_date":
        length = {"year": 4, "month": 7}.get(talk.state.slots.get("purchase_precision", "day"), 10)
        return str(value)[:length]
    if name == "phone":
        number = str(value).removeprefix("+86")
        return number if number.startswith(("1", "+")) or value == number else f"0{number}"
    if name == "wants" or name == "visit_time":
        return str(value)[:40]
    return str(value)[:80]
