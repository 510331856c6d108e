"""Taking a report, an installation or a registration: starting, answering, correcting, leaving and resuming."""

import re

from core.customer.devices import devices_of
from core.dialogue.facts import CORRECTION
from core.dialogue.talk import Talk
from core.dialogue.topics import devices, fault, flow, slots
from core.dialogue.topics.items import named
from core.ticket.actions import find

_DIRECT = re.compile(
    r"直接报修|直接派|直接登记|派(?:个|一?位)?师傅|叫(?:个)?师傅|师傅上门|上门维修|上门修|上门看|(?:派|喊|叫|找)(?:一?个)?人来"
)
_REPORT = re.compile(
    r"(?:要|想|来|帮我|给我|需要)报修|^报修|帮我登记|(?:request|need|want|book) (?:a )?repair", re.IGNORECASE
)
_NOT_A_REPORT = (
    "ask_ticket_status", "cancel_ticket", "reschedule_visit", "file_complaint", "ask_contact", "ask_warranty_or_fee",
    "request_install", "give_suggestion",
)  # fmt: skip
OTHER_ONE = re.compile(
    r"另(?:外)?(?:有)?一?[台个]|第二台|又一台|还有一台|还有个|不是(?:同)?(?:一|那|这)台|another (?:one|machine|device)|second one"
)
_WAIT = re.compile(
    r"等(?:一?下|会|我)|稍等|我(?:先)?(?:去|来)?(?:找|看看|看一下|拿|翻|问)(?:看|找|一下|下)?|hold on|wait|let me check"
)
STOP = re.compile(
    r"(?:不报(?:修)?了|不修了|算了|取消|不用了|不要了|先不弄了|停|停止|退出|取消报修|不想报了|stop|quit|exit|cancel|never ?mind)(?:吧|了|啊|[,，]?谢谢)*[。.!！]*",
    re.IGNORECASE,
)


def report(talk: Talk, *, outright: bool = False) -> None:
    """A fault was told: go on with the open report, or start one; ``outright`` without self-help."""
    state = talk.state
    if state.form == "repair" and _another_device(talk):
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
        acknowledge(talk, talk.state.question.slot or "", before)
    flow.proceed(talk)


def another(talk: Talk) -> bool:
    """不是这台，是另一台: a new report, though the device looks like the one before."""
    if talk.state.form is not None or not OTHER_ONE.search(talk.text):
        return False
    if not (talk.facts.slots.get("category") or talk.state.last_ticket):
        return False
    report(talk)
    return True


def _another_device(talk: Talk) -> bool:
    known, said = talk.state.slots.get("category"), talk.facts.slots.get("category")
    return bool(known and said and known != said and not talk.facts.correction and talk.state.question)


def start_repair(talk: Talk) -> None:
    _start(talk, "repair", offer=not talk.facts.slots.get("category"))


# Questions that a wish to return the thing puts aside.
_GIVES_WAY = ("slot", "help", "confirm", "correct", "menu", "device", "where", "resume", "door")


def give_back(talk: Talk) -> bool:
    """退货, 换货: a form of its own; what a report already told goes with it (B10)."""
    state = talk.state
    if not talk.facts.slots.get("wants") or (talk.intent == "file_complaint" and "投诉" in talk.text):
        return False
    elsewhere = state.question is not None and state.question.kind not in _GIVES_WAY
    if elsewhere or (state.form == "return" and state.question is not None):
        return False
    if state.form != "repair":
        state.forget_form()
    state.form, state.helped = "return", True
    talk.drop_question()
    slots.keep_fault(talk)
    slots.keep_facts(talk)
    slots.from_archive(talk)
    flow.proceed(talk)
    return True


def begin_with(talk: Talk, known: dict[str, object]) -> None:
    """A repair whose device is known already: what is wrong comes next."""
    talk.state.forget_form()
    talk.state.form = "repair"
    talk.state.slots.update(known)
    slots.from_archive(talk)
    flow.proceed(talk)


def install(talk: Talk) -> None:
    talk.state.slots = {}
    _start(talk, "installation", description=talk.text)


def training(talk: Talk, *, wish: str | None = None) -> None:
    _start(talk, "training", description=wish or talk.text)


def _start(talk: Talk, form: str, *, offer: bool = False, **known: str) -> None:
    talk.state.forget_form()
    talk.state.form = form
    talk.state.slots.update(known)
    slots.keep_facts(talk)
    slots.from_archive(talk)
    if not (offer and talk.customer.name and devices.offer_devices(talk)):
        flow.proceed(talk)


def direct(talk: Talk) -> bool:
    """直接报修 leaves the self-help out, or ends it; 我要报修 alone starts a report (A4)."""
    outright = _DIRECT.search(talk.text) is not None
    if talk.intent in _NOT_A_REPORT or not (outright or _REPORT.search(talk.text)):
        return False
    if talk.state.form is not None and (
        talk.state.ticket or (talk.state.form == "repair" and talk.state.question)
    ):
        _outright(talk)
    elif talk.intent == "report_fault" and talk.facts.slots.get("category"):
        report(talk, outright=outright)
    else:
        start_repair(talk)
    return True


def _outright(talk: Talk) -> None:
    """No more help; a fault told only vaguely will do, the technician sees the rest."""
    state = talk.state
    state.helped = True
    vague = state.slots.get("_vague_words")
    if vague and state.question is not None and state.question.slot == "description":
        state.slots.setdefault("description", vague)
    talk.drop_question()
    slots.keep_facts(talk)
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


def answer(talk: Talk) -> bool:
    """The answer to the slot that was asked, and whatever else the message tells."""
    question, state = talk.state.question, talk.state
    if question is None or state.form is None:
        return False
    if STOP.fullmatch(talk.text) or (talk.intent == "cancel_ticket" and not talk.facts.slots):
        stop(talk)
        return True
    if not talk.text or (
        talk.intent == "report_fault" and question.slot != "description" and _another_device(talk)
    ):
        return False
    if _WAIT.search(talk.text) and not talk.facts.slots:
        talk.say("intake.wait")
        return True
    before = dict(state.slots)
    state.helped |= _DIRECT.search(talk.text) is not None
    if not slots.take_answer(talk, question.slot or ""):
        return _wrong_item(talk)
    talk.drop_question()
    acknowledge(talk, question.slot or "", before)
    flow.proceed(talk)
    return True


def acknowledge(talk: Talk, asked: str, before: dict[str, object]) -> None:
    """Say what was noted when it was not what was asked: nobody should wonder whether they were heard."""
    noted = [n for n in flow.READ_BACK if talk.state.slots.get(n) and talk.state.slots[n] != before.get(n)]
    if noted and asked not in noted:
        talk.say("intake.noted", what=talk.listed(noted))


def _wrong_item(talk: Talk) -> bool:
    """电话错了, said while something else was asked."""
    return bool(CORRECTION.search(talk.text)) and named(talk)


def stop(talk: Talk) -> None:
    """The customer does not want to go on. A ticket filed early stays; a draft is dropped."""
    early = talk.state.ticket
    talk.state.forget_form()
    if early:
        talk.say("intake.stopped_early", number=early)
    else:
        talk.say("intake.stopped")


def device_chosen(talk: Talk) -> bool:
    """One of the devices on file, or another one; a sentence with the fault is taken as it is."""
    choice = talk.chosen() or ""
    if choice == "other_device":
        talk.state.slots["_other_device"] = True
    elif choice.startswith("device:"):
        device = next(
            (d for d in devices_of(talk.session, talk.customer) if choice.endswith(devices.shown(talk, d))),
            None,
        )
        if device is None:
            return False
        talk.state.slots["category"] = device.category
        slots.from_device(talk, device)
    elif talk.facts.slots.get("category") or talk.intent == "report_fault":
        talk.drop_question()
        report(talk, outright=_DIRECT.search(talk.text) is not None)
        return True
    else:
        return False
    talk.drop_question()
    flow.proceed(talk)
    return True
