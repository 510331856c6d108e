"""Moving a form on: the one next thing it needs, whichever message brought us here (A2)."""

from core.dialogue.forms import FORMS, Slot
from core.dialogue.state import OFFERS
from core.dialogue.talk import Talk
from core.dialogue.topics import article, beside, filed, seat, slot_question, slots
from core.service.regions import locate
from core.ticket.theirs import same_fault

READ_BACK = (
    "category",
    "description",
    "brand",
    "model",
    "purchase_date",
    "name",
    "phone",
    "address",
    "visit_time",
    "invoice_no",
)


def proceed(talk: Talk) -> None:
    """Say what is wrong, join an open ticket, help, ask one question, read back, or file."""
    state, form = talk.state, FORMS[talk.state.form or "repair"]
    if slot_question.complain_about_problems(talk) or _vague_address(talk):
        return
    told = bool(state.slots.get("category") and state.slots.get("description"))
    if form.self_help and told and not state.ticket:
        if not state.slots.get("_new") and _join(talk):
            return
        state.slots["_new"] = True  # not asked twice: once it is a new report, it stays one
        slots.from_archive(talk)
        if not state.helped and article.begin(talk):
            return
    missing = next((slot for slot in form.slots if _missing(talk, slot)), None)
    if missing is not None:
        slot_question.ask_for(talk, missing.name)
    elif state.form == seat.FORM:
        seat.take(talk)
    elif talk.house.book.has(f"readback.{state.form}"):
        read_back(talk)
    else:
        filed.file_form(talk)


def _missing(talk: Talk, slot: Slot) -> bool:
    known = talk.state.slots
    if slot.is_left(talk.channel) or (slot.unless and known.get(slot.unless)):
        return False
    return not known.get(slot.name) and slot.name not in talk.state.skipped


def _vague_address(talk: Talk) -> bool:
    """An address without a city cannot be given an outlet: ask once which city, then take it as it is."""
    known = talk.state.slots
    address = known.get("address")
    if not address or known.get("_checked_address") == address or talk.state.form == seat.FORM:
        return False  # for a seat nobody comes to them
    known["_checked_address"] = address
    if address.isascii():  # the table of divisions is Chinese; a person finds the outlet
        return False
    region = locate(address)
    if (region is not None and region.city is not None) or known.get("_vague_address"):
        return False
    known["_vague_address"] = address
    talk.say("problem.address_vague", address=address)
    talk.ask("slot", slot="address")
    return True


def _join(talk: Talk) -> bool:
    ticket = same_fault(talk.session, talk.customer, talk.state.slots)
    if ticket is not None:
        filed.join(talk, ticket)
    return ticket is not None


def read_back(talk: Talk) -> None:
    """Everything once more, for the customer to confirm before it is filed."""
    values = {name: slot_question.shown(talk, name) for name in READ_BACK}
    talk.say(f"readback.{talk.state.form}", more=_more(talk), **values)
    talk.ask("confirm", ("1", "confirm"), ("2", "correct"))


def _more(talk: Talk) -> str:
    """What few customers tell is read back only when it was told."""
    told = [name for name in ("error_code", "wants", "visit_time") if talk.state.slots.get(name)]
    lines = (f"{talk.label('slot', name)}：{slot_question.shown(talk, name)}\n" for name in told)
    return "".join(lines)


def acknowledge(talk: Talk, asked: str, before: dict[str, object]) -> None:
    """Say what was noted when it was not what was asked: nobody should wonder whether they were heard."""
    noted = [n for n in READ_BACK if talk.state.slots.get(n) and talk.state.slots[n] != before.get(n)]
    if noted and asked not in noted:
        talk.say("intake.noted", what=talk.listed(noted))


def ask_again(talk: Talk) -> None:
    """After an interruption: the question that was open, once more."""
    question = talk.state.question
    if question is None or question.kind in OFFERS:
        return
    beside.end(question)
    if question.kind == "slot" and talk.state.form:
        slot_question.ask_for(talk, question.slot or "")
    elif question.kind == "confirm":
        read_back(talk)
    elif question.kind == "door":
        talk.say("place.door")
    elif question.kind == "help" and talk.channel != "voice" and article.show_again(talk):
        talk.offer(*((key, value) for key, value in question.choices))
    elif question.choices:
        training = question.kind == "training_score"
        _, _, score = (question.slot or "").partition(":")
        talk.say(f"training.ask_{score}" if training else "question.again")
        talk.offer(*((key, value) for key, value in question.choices))


def go_on(talk: Talk) -> None:
    """The form that was open goes on."""
    if talk.state.form and talk.state.question is None:
        proceed(talk)
