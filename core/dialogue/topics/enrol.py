"""培训报名: by a scanned poster, a typed code or a list; giving the seat back; signing in on site (G1)."""

import re

from core.customer.scene import Scene
from core.dialogue.draft import begun
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, intake, seat, slots
from core.training.attendance import window_says
from core.training.find import by_code, code_in, enrolment_in, enrolments_of, open_sessions
from core.training.model import TrainingSession
from core.training.news import session_words
from core.training.seats import NoSeat, open_until, withdraw

MOST = 5
_LEAVE = re.compile(
    r"(?:我要?|我想|请|帮我|麻烦)*(?:取消|退掉?|不参加)(?:了|一下|这次|我的)*(?:培训|课程)?(?:的?报名|培训|课程?)(?:了|吧)?|"
    r"我?(?:不能?来|来不了|参加不了|不参加)(?:培训|上课)了|"
    r"cancel (?:my |the )?(?:registration|enrol?lment|training|course)",
    re.IGNORECASE,
)
_AROUND = re.compile(r"[\s。.!！,，]+$")


def wish(talk: Talk) -> bool:
    """取消报名, or a code that we know: both are meant whatever was asked before."""
    code = code_in(talk.text)
    said = _AROUND.sub("", talk.text[:40]).replace(code or "\0", "").strip()
    training = by_code(talk.session, code) if code else None
    if _LEAVE.fullmatch(said):
        leave(talk, training)
    elif training is not None:
        begin(talk, training)
    else:
        return False
    return True


def choose(talk: Talk, *, wish: str | None = None) -> None:
    """报名培训 without a code: the sessions anybody may join; none of them, and the trainer calls.

    ``wish`` is what was said of it, where that was earlier.
    """
    training = _coded(talk)
    if training is not None:
        begin(talk, training)
        return
    upcoming = open_sessions(talk.session, at=talk.at, limit=MOST)
    if not upcoming or not talk.private:
        talk.say("training.none_planned")
        intake.training(talk, wish=wish)
        return
    talk.state.forget_form()
    talk.say("training.choose")
    talk.ask("training_pick", *_numbered(talk, list(upcoming)))


def picked(talk: Talk) -> bool:
    """One of the list, by its number or by the digits of its code, as they are keyed on a phone."""
    training = _coded(talk)
    if training is None and re.fullmatch(r"\d{4,6}#?", talk.text):
        training = by_code(talk.session, f"PX{talk.text.rstrip('#')}")
    if training is None:
        return False
    begin(talk, training)
    return True


def scanned(talk: Talk, scene: Scene) -> None:
    """The poster."""
    training = talk.session.get(TrainingSession, scene.payload.get("session"))
    if training is None:
        talk.say("scene.over")
        return
    begin(talk, training)


def begin(talk: Talk, training: TrainingSession, *, attend: bool = False) -> None:
    """Say which course it is and ask only for what is missing, one thing at a time."""
    if not talk.private:
        talk.say("link.private")
        return
    mine = enrolment_in(talk.session, talk.customer.id, training.id)
    if mine is not None and mine.state != "cancelled":
        seat.tell(talk, training, mine, again=True)
        flow.ask_again(talk)
        return
    try:
        open_until(training, talk.at)
    except NoSeat as refused:
        seat.refuse(talk, refused.why)
        return
    told = {name: value for name, value in talk.state.slots.items() if name in ("name", "phone")}
    if talk.state.form != "training" and begun(talk.state.form, talk.state.ticket, talk.state.slots):
        talk.state.park()
    else:
        talk.state.forget_form()
    talk.state.form, talk.state.slots = seat.FORM, told
    talk.state.slots.update({"_session": training.id, "_attend": attend})
    if training.organisation:
        talk.state.slots["organisation"] = training.organisation
    talk.say("training.about", **session_words(talk.house, training, talk.language))
    slots.keep_facts(talk)
    slots.from_archive(talk)
    flow.proceed(talk)


def signs_in(talk: Talk, scene: Scene) -> None:
    """The second code, on site and in its hours; who never registered does it now."""
    training = talk.session.get(TrainingSession, scene.payload.get("session"))
    if training is None:
        talk.say("scene.over")
        return
    words = session_words(talk.house, training, talk.language)
    if why := window_says(talk.house, training, at=talk.at):
        talk.say(f"training.sign_in_{why}", **words)
        return
    mine = enrolment_in(talk.session, talk.customer.id, training.id)
    if mine is None or mine.state == "cancelled":
        begin(talk, training, attend=True)
    elif mine.state == "waiting":
        seat.tell(talk, training, mine)
    else:
        seat.sign_in(talk, training, mine)
        flow.ask_again(talk)


def leave(talk: Talk, training: TrainingSession | None) -> None:
    mine = enrolments_of(talk.session, talk.customer.id, at=talk.at)
    mine = [(e, t) for e, t in mine if training is None or t.id == training.id]
    if not mine:
        talk.say("training.nothing_to_leave")
    elif len(mine) == 1:
        _leave(talk, mine[0][1])
    else:
        talk.say("training.which_to_leave")
        talk.ask("training_leave", *_numbered(talk, [t for _, t in mine]))


def left(talk: Talk) -> bool:
    training = _coded(talk)
    if training is None:
        return False
    talk.drop_question()
    _leave(talk, training)
    return True


def _leave(talk: Talk, training: TrainingSession) -> None:
    enrolment = enrolment_in(talk.session, talk.customer.id, training.id)
    if talk.state.form == seat.FORM:
        talk.state.forget_form()
    gone = enrolment is not None and withdraw(talk.session, talk.house, training, enrolment, at=talk.at)
    words = session_words(talk.house, training, talk.language)
    talk.say("training.left" if gone else "training.nothing_to_leave", **(words if gone else {}))


def _coded(talk: Talk) -> TrainingSession | None:
    """The session of the choice that was made, or of a code in the text."""
    code = code_in(talk.chosen() or "") or code_in(talk.text)
    return by_code(talk.session, code) if code else None


def _numbered(talk: Talk, trainings: list[TrainingSession]) -> list[tuple[str, str]]:
    return [(str(number), _shown(talk, t)) for number, t in enumerate(trainings[:9], 1)]


def _shown(talk: Talk, training: TrainingSession) -> str:
    """As a choice: what stands behind the colon is shown (Talk.offer)."""
    start = talk.house.local(training.starts_at)
    return f"session:{start:%m-%d %H:%M} {training.course.title} {training.code}"
