"""Beginning a report, an installation or a registration, and the facts that nobody asked for."""

import re

from core.dialogue.talk import Talk
from core.dialogue.topics import devices, fault, flow, slots
from core.ticket.find import find

OTHER_ONE = re.compile(
    r"另(?:外)?(?:有)?一?[台个]|第二台|又一台|还有一台|还有个|不是(?:同)?(?:一|那|这)台|another (?:one|machine|device)|second one"
)


def report(talk: Talk, *, outright: bool = False) -> None:
    """A fault was told: go on with the open report, or start one; ``outright`` without self-help."""
    state = talk.state
    if state.form == "repair" and another_device(talk):
        talk.say("intake.one_at_a_time", device=talk.label("category", state.slots["category"]))
        flow.ask_again(talk)
        return
    if state.form != "repair":
        state.forget_form()
        state.form = "repair"
    state.helped |= outright
    if OTHER_ONE.search(talk.text):
        state.slots["_new"] = state.slots["_other_device"] = True
        last = talk.state.last_ticket and not talk.facts.slots.get("category")
        if last:
            state.slots["category"] = find(talk.session, talk.state.last_ticket or "").category
    before = dict(state.slots)
    slots.keep_fault(talk)
    slots.keep_facts(talk)
    if talk.state.question is not None:
        flow.acknowledge(talk, talk.state.question.slot or "", before)
    flow.proceed(talk)


def another(talk: Talk) -> bool:
    """不是这台，是另一台: a new report, though the device looks like the one before."""
    if talk.state.form is not None or not OTHER_ONE.search(talk.text):
        return False
    if not (talk.facts.slots.get("category") or talk.state.last_ticket):
        return False
    report(talk)
    return True


def another_device(talk: Talk) -> bool:
    """Another appliance is named while a question about the first waits, and not as a correction."""
    known, said = talk.state.slots.get("category"), talk.facts.slots.get("category")
    return bool(known and said and known != said and not talk.facts.correction and talk.state.question)


def start_repair(talk: Talk) -> None:
    """The devices on file are offered, unless one was named."""
    _start(talk, "repair", offer=not talk.facts.slots.get("category"))


def begin_with(talk: Talk, known: dict[str, object]) -> None:
    """A repair whose device is known already: what is wrong comes next."""
    talk.state.forget_form()
    talk.state.form = "repair"
    talk.state.slots.update(known)
    slots.from_archive(talk)
    flow.proceed(talk)


def install(talk: Talk) -> None:
    """Nothing of what was told for another form goes with it: an installation is of something new."""
    talk.state.slots = {}
    _start(talk, "installation", description=talk.text)


def training(talk: Talk, *, wish: str | None = None) -> None:
    """``wish`` in the words that the trainer reads, where they are not those of this message."""
    _start(talk, "training", description=wish or talk.text)


def _start(talk: Talk, form: str, *, offer: bool = False, **known: str) -> None:
    talk.state.forget_form()
    talk.state.form = form
    talk.state.slots.update(known)
    slots.keep_facts(talk)
    slots.from_archive(talk)
    if not (offer and talk.customer.name and devices.offer_devices(talk)):
        flow.proceed(talk)


def gather(talk: Talk) -> bool:
    """Facts that nobody asked for still count while a form is open; a device alone starts a report."""
    if talk.state.form is not None and (talk.facts.slots or talk.facts.problems):
        slots.keep_facts(talk)
        flow.proceed(talk)
        return True
    if talk.facts.slots.get("category") and talk.intent in ("provide_info", "out_of_scope", "affirm", "deny"):
        if talk.intent == "out_of_scope" and talk.meaning.confidence > 0.6:
            return False
        if fault.is_vague(talk, fault.told(talk)):
            start_repair(talk)
        else:
            report(talk)
        return True
    if talk.intent == "provide_info" and set(talk.facts.slots) & {"name", "phone", "address"}:
        talk.say("intake.noted", what=talk.listed(n for n in flow.READ_BACK if n in talk.facts.slots))
        start_repair(talk)
        return True
    return False
