"""A message that its writer changed: it corrects what the first version told, as long as that can be corrected."""

from sqlalchemy import select

from core.dialogue.choices import plain
from core.dialogue.cues import symptom_of
from core.dialogue.engine import respond
from core.dialogue.forms import FORMS
from core.dialogue.talk import Talk
from core.dialogue.topics import fault, flow, slots
from core.messaging.inbox import InboxMessage
from core.staff.push import push
from core.ticket.lifecycle import ENDED, note
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of

LOOK_BACK = 200  # messages of one chat; who edits an older one may write again


def changed(talk: Talk, message: InboxMessage) -> str:
    """``payload["original"]`` is the ``same`` (again.py) of the message that was changed; the text is the new one."""
    if not talk.text:
        return "edit_same"
    original, newest = _original(talk, message)
    if original is None:  # the edit overtook its message, which has nothing more to say
        talk.state.heard.append(message.payload["original"])
        return _read(talk)
    before = _last_version(talk, message, original)
    if plain(before.text) == talk.text:
        return "edit_same"
    if talk.intent == "emergency":
        return _read(talk)
    if talk.state.form is not None and not talk.state.ticket:
        _correct(talk, before)
        return "edit"
    ticket = _ticket(talk, original)
    if ticket is not None:
        _noted(talk, ticket)
    elif newest:
        return _read(talk)
    else:
        talk.say("edit.late")
    return "edit"


def _read(talk: Talk) -> str:
    respond(talk)
    return talk.outcome


def _original(talk: Talk, message: InboxMessage) -> tuple[InboxMessage | None, bool]:
    """The message that was changed, and whether nothing was written after it."""
    said = _lane(talk, message)
    rows = [row for row in said if row.kind != "edit"]
    found = next((row for row in rows if row.payload.get("same") == message.payload["original"]), None)
    return found, found is not None and found is rows[0]


def _last_version(talk: Talk, message: InboxMessage, original: InboxMessage) -> InboxMessage:
    edits = (
        row for row in _lane(talk, message) if row.payload.get("original") == message.payload["original"]
    )
    return next(edits, original)


def _lane(talk: Talk, message: InboxMessage) -> list[InboxMessage]:
    query = select(InboxMessage).where(InboxMessage.lane == message.lane, InboxMessage.id < message.id)
    return list(talk.session.scalars(query.order_by(InboxMessage.id.desc()).limit(LOOK_BACK)))


def _correct(talk: Talk, before: InboxMessage) -> None:
    """The slots that the new words fill are filled anew; the old description goes with its message."""
    category = talk.state.slots.get("category")
    talk.facts.correction = True
    slots.keep_facts(talk)
    _describe(talk, before)
    talk.say("edit.taken")
    question = talk.state.question
    if question is not None and question.kind == "help":
        if talk.state.slots.get("category") == category:
            flow.ask_again(talk)
            return
        talk.state.helped, talk.state.article = False, None  # steps for another appliance
    flow.proceed(talk)


def _describe(talk: Talk, before: InboxMessage) -> None:
    known, words = talk.state.slots, fault.told(talk)
    parts = str(known.get("description") or "").split("；")
    told = [part for part in parts if part and part in plain(before.text)]
    if not told and fault.is_vague(talk, words):
        return
    form = FORMS[talk.state.form or "repair"]
    if not any(slot.name == "description" for slot in form.slots):
        return
    kept = [part for part in parts if part and part not in told]
    known["description"] = "；".join([*kept, words] if words else kept)[:1000]
    known["symptom"] = talk.meaning.symptom or symptom_of(words) or "other"


def _ticket(talk: Talk, original: InboxMessage) -> Ticket | None:
    """The ticket that the message led to, else the one last spoken of when it was written."""
    mine = tickets_of(talk.session, talk.customer, only_open=False, limit=50)
    led_to = [ticket for ticket in mine if ticket.opened_at >= original.received_at]
    named = next((ticket for ticket in mine if ticket.number == talk.state.last_ticket), None)
    return led_to[-1] if led_to else named


def _noted(talk: Talk, ticket: Ticket) -> None:
    """On an open ticket for who works on it; on one that has ended the message is only kept."""
    if ticket.state in ENDED:
        talk.say("edit.closed", number=ticket.number)
        return
    note(talk.session, ticket, verb="edit", at=talk.at, actor=talk.actor, channel=talk.channel,
         text=talk.text[:500])  # fmt: skip
    key = f"edit:{ticket.number}:{talk.at.isoformat()}"
    text = talk.text[:120]
    push(talk.session, talk.house, key=key, audience="assignee", wording="push.edit", at=talk.at, ticket=ticket,
         text=text)  # fmt: skip
    talk.say("edit.noted", number=ticket.number)
