"""Filling the slots of a form: from what is said, from the archive, from a device on file."""

import re
from typing import Any

from core.customer.devices import devices_of
from core.customer.model import Device
from core.dialogue.cues import symptom_of
from core.dialogue.talk import Talk
from core.dialogue.topics import fault

# These name the thing the report is about: another one in passing does not change the report.
STEADY = ("category", "brand", "error_code", "model")
QUESTION_INTENTS = [
    "ask_ticket_status",
    "ask_warranty_or_fee",
    "ask_contact",
    "ask_howto",
    "ask_training_question",
    "file_complaint",
    "reschedule_visit",
]


def asks_aside(talk: Talk) -> bool:
    """A question of theirs: the product it names is what it is about, and changes nothing in the form."""
    telling = set(talk.facts.slots) - set(STEADY)
    return talk.intent in QUESTION_INTENTS and not telling and not talk.facts.correction


def keep_facts(talk: Talk) -> list[str]:
    """Put the facts of this message into the form; returns the names that changed."""
    slots, changed = talk.state.slots, []
    question = talk.state.question
    asked = question.slot if question else None
    revising = talk.facts.correction or (question is not None and question.kind in ("confirm", "correct"))
    for name, value in talk.facts.slots.items():
        if name == "ticket_no" or slots.get(name) == value:
            continue
        if name in STEADY and slots.get(name) and not revising and asked != name:
            continue
        slots[name] = longer_address(talk, value) if name == "address" else value
        if name in talk.state.skipped:
            talk.state.skipped.remove(name)
        changed += [name] if name != "purchase_precision" else []
    return changed


def longer_address(talk: Talk, address: str) -> str:
    """A city named on request belongs in front of the street that was told before."""
    before = talk.state.slots.get("address")
    short = not re.search(r"[路街巷村号栋]|道\d", address)
    if before and talk.state.slots.get("_vague_address") == before and short and address not in str(before):
        return address + str(before)
    return address


def keep_fault(talk: Talk) -> None:
    """Put the fault itself into the form: the customer's own words, and what the NLU made of them."""
    slots, meaning = talk.state.slots, talk.meaning
    if meaning.symptom and slots.get("symptom") in (None, "other"):
        slots["symptom"], slots["non_quality"] = meaning.symptom, meaning.non_quality
        slots["_nearly"] = list(meaning.nearly)
    if meaning.source == "keywords":
        slots["nlu"] = "pending"
    words = fault.told(talk)
    if fault.is_vague(talk, words):
        slots.setdefault("_vague_words", words or talk.text[:200])
        return
    before = str(slots.get("description") or "")
    denied = re.match(r"(?:不对[,，]?)?不是[^，]{1,20}，(?:而?是|应该是)?", words)
    if denied and before:  # 不是不制冷，是漏水: the old description goes
        rest = words[denied.end() :]
        slots["description"], slots["symptom"] = rest, symptom_of(rest) or meaning.symptom or "other"
    elif words not in before:
        slots["description"] = f"{before}；{words}"[:1000] if before else words[:1000]


def from_archive(talk: Talk) -> None:
    """What the customer's file already knows is not asked again (A7)."""
    slots, customer = talk.state.slots, talk.customer
    for name in ("name", "phone", "address"):
        value = getattr(customer, name)
        if value and not slots.get(name):
            slots[name] = value
    category = None if slots.get("_other_device") else slots.get("category")
    mine = [d for d in devices_of(talk.session, customer) if d.category == category] if category else []
    if len(mine) == 1 and slots.get("brand") in (None, mine[0].brand):
        from_device(talk, mine[0])


def from_device(talk: Talk, device: Device) -> None:
    """Fill in what is on file about a device of theirs."""
    known: dict[str, Any] = {
        "brand": device.brand,
        "model": device.model,
        "invoice_no": device.invoice_no,
        "purchase_date": device.purchase_date.isoformat() if device.purchase_date else None,
        "purchase_precision": device.purchase_precision,
    }
    if talk.state.slots.get("purchase_date"):
        known.pop("purchase_precision")
    for name, value in known.items():
        if value and not talk.state.slots.get(name):
            talk.state.slots[name] = value
