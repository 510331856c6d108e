"""The slots of a form: filling them from what is said and from the archive, asking for one, showing one."""

import re
from typing import Any

from core.customer.devices import devices_of
from core.customer.model import Device
from core.dialogue.cues import asks_how, symptom_of
from core.dialogue.dates import purchase_date
from core.dialogue.facts import keep_purchase
from core.dialogue.forms import FORMS
from core.dialogue.talk import Talk
from core.dialogue.topics import fault
from core.dialogue.topics.free import FREE

_UNKNOWN = re.compile(
    r"(?i)不知道|不清楚|不太清楚|忘了|忘记|记不|不记得|跳过|没找到|找不到|看不到|看不清|没有了?$|没了|不确定|不晓得|(?:do not|don't) know|not sure|no idea|forgot|skip|不晓得|随便|无$|下一个|不详|丢了|扔了"
)
_REFUSED = re.compile(r"不想|不方便|不愿|不给|保密|不说|凭什么|为什么要|不告诉|干嘛要")
_QUESTION = re.compile(r"[?？]|吗[。!！]?$|呢[。!！]?$|怎么|为什么|什么时候|多少钱|多久")
# These name the thing the report is about: another one in passing does not change the report.
_STEADY = ("category", "brand", "error_code", "model")
# What a telephone can share by one touch.
SHARED = {"phone": "contact", "address": "location"}
_QUESTION_INTENTS = [
    "ask_ticket_status",
    "ask_warranty_or_fee",
    "ask_contact",
    "ask_howto",
    "ask_training_question",
    "file_complaint",
    "reschedule_visit",
]
_POLITE = ("greet", "thanks", "goodbye")


def asks_aside(talk: Talk) -> bool:
    """A question of theirs: the product it names is what it is about, and changes nothing in the form."""
    telling = set(talk.facts.slots) - set(_STEADY)
    return talk.intent in _QUESTION_INTENTS and not telling and not talk.facts.correction


def keep_facts(talk: Talk) -> list[str]:
    """Put the facts of this message into the form; returns the names that changed."""
    slots, changed = talk.state.slots, []
    question = talk.state.question
    asked = question.slot if question else None
    revising = talk.facts.correction or (question is not None and question.kind in ("confirm", "correct"))
    for name, value in talk.facts.slots.items():
        if name == "ticket_no" or slots.get(name) == value:
            continue
        if name in _STEADY and slots.get(name) and not revising and asked != name:
            continue
        slots[name] = _longer_address(talk, value) if name == "address" else value
        if name in talk.state.skipped:
            talk.state.skipped.remove(name)
        changed += [name] if name != "purchase_precision" else []
    return changed


def _longer_address(talk: Talk, address: str) -> str:
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


def _is_optional(talk: Talk, name: str) -> bool:
    form = FORMS[talk.state.form or "repair"]
    return any(slot.name == name and slot.is_optional(talk.channel) for slot in form.slots)


def ask_for(talk: Talk, name: str) -> None:
    """One question; what may be left out says so."""
    optional = _is_optional(talk, name)
    device = talk.label("category", talk.state.slots.get("category"))
    specific = f"ask.{name}.{talk.state.form}"
    talk.say(specific if talk.house.book.has(specific) else f"ask.{name}", device=device)
    choices = (("1", "skip"),) if optional else ()
    talk.ask("slot", *choices, slot=name)
    talk.extra.pop("ask", None)
    if name in SHARED:  # some channels have a button that shares it
        talk.extra |= {"ask": SHARED[name], "label": talk.label("share", SHARED[name])}


def take_answer(talk: Talk, name: str) -> bool:
    """Read the answer to the slot asked for; False when the message is about something else."""
    facts, state = talk.facts, talk.state
    # "去年三月" needs no 买 when the date is what was asked for.
    if name == "purchase_date" and name not in facts.slots:
        keep_purchase(purchase_date(talk.text, today=talk.house.local(talk.at).date()), facts)
    if talk.intent == "report_fault" and _tells_fault(talk, name):
        keep_fault(talk)
        keep_facts(talk)
        return name != "description" or bool(state.slots.get("description"))
    # A device named in a question (空调保修几年) is no answer to what we asked.
    telling = {slot for slot in facts.slots if slot == name or slot not in (*_STEADY, "ticket_no")}
    if _REFUSED.search(talk.text) and not facts.slots:
        return _skip(talk, name)
    if talk.intent in ("ask_contact", "ask_warranty_or_fee", "ask_howto") and name not in telling:
        keep_facts(talk)  # 最近的网点在哪，我在武侯区: both a fact and a question
        return False
    if telling or name in facts.problems or (facts.slots and talk.intent not in _QUESTION_INTENTS):
        keep_facts(talk)
        return True
    if talk.chosen() == "skip" or _UNKNOWN.search(talk.text):
        return _skip(talk, name)
    if _REFUSED.search(talk.text):
        return _skip(talk, name)
    if talk.intent in _POLITE and talk.meaning.confidence >= 0.6:
        return False  # 你好 is no brand, and 谢谢 no organisation
    if talk.intent in _QUESTION_INTENTS or (_QUESTION.search(talk.text) and talk.intent != "report_fault"):
        words = name == "description" and talk.intent not in _QUESTION_INTENTS and not asks_how(talk.text)
        return words and _free(talk, name)
    return _free(talk, name) or bool(state.slots.get(name) and name in facts.slots)


def _tells_fault(talk: Talk, name: str) -> bool:
    """A fault told while something else was asked; its own words, not those of an answer to the question."""
    told = talk.meaning.symptom not in (None, "other") or name in ("category", "description")
    return (told and name not in talk.facts.slots) or (name == "category" and "category" in talk.facts.slots)


def _skip(talk: Talk, name: str) -> bool:
    """Optional facts are skipped at once, needed ones after we have said why we ask."""
    optional = _is_optional(talk, name)
    if name == "description" and talk.state.slots.get("_vague_words"):
        talk.state.slots["description"] = talk.state.slots["_vague_words"]
        return True
    tried = f"_refused_{name}"
    if optional or talk.state.slots.get(tried):
        talk.state.skipped.append(name)
    else:
        talk.state.slots[tried] = True
        talk.say(f"why.{name}" if talk.house.book.has(f"why.{name}") else "why.default")
    return True


def read_free(name: str, talk: Talk) -> str | None:
    """An answer in free words to the question for this slot."""
    if name == "purchase_date":
        keep_purchase(purchase_date(talk.text, today=talk.house.local(talk.at).date()), talk.facts)
        return talk.facts.slots.get(name)
    reader = FREE.get(name)
    return reader(talk.text) if reader else None


def _free(talk: Talk, name: str) -> bool:
    reader = FREE.get(name)
    value = reader(talk.text) if reader else None
    if value is None:
        return False
    talk.state.slots[name] = _longer_address(talk, value) if name == "address" else value
    if name == "category":
        keep_fault(talk)
    if name == "description":
        told = symptom_of(talk.text) if talk.meaning.symptom in (None, "other") else talk.meaning.symptom
        if talk.state.slots.get("symptom") in (None, "other"):
            talk.state.slots["symptom"] = told or "other"
        talk.state.slots.setdefault("non_quality", talk.meaning.non_quality)
    return True


def complain_about_problems(talk: Talk) -> bool:
    """Say what cannot be right and ask for it again; True when there was such a thing in this form."""
    form = FORMS[talk.state.form or "repair"]
    for name, problem in talk.facts.problems.items():
        if any(slot.name == name for slot in form.slots) and not talk.facts.slots.get(name):
            talk.say(problem)
            optional = _is_optional(talk, name)
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
