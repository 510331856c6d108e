"""培训报名: by a scanned poster, a typed code or a list; giving the seat back (G1); signing in is in sign_in.py."""

import re

from core.customer.scene import Scene
from core.dialogue.draft import begun
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, intake, qa_link, seat, slots
from core.training.find import (
    by_code,
    code_in,
    enrolment_in,
    enrolments_of,
    mistyped_in,
    open_sessions,
    without_code,
)
from core.training.model import TrainingSession
from core.training.news import session_words
from core.training.seats import NoSeat, open_until, withdraw

MOST = 5
GROUP_LINK, NEW_WISH = "group_link", "training_wish"
_LEAVE = re.compile(
    r"(?:我要?|我想|请|帮我|麻烦)*(?:取消|退掉?|不参加)(?:了|一下|这次|我的)*(?:培训|课程)?(?:的?报名|培训|课程?)(?:了|吧)?|"
    r"我?(?:不能?来|来不了|参加不了|不参加)(?:培训|上课)了|"
    r"cancel (?:my |the )?(?:registration|enrol?lment|training|course)",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"(?:请|帮我|麻烦|我想|查询?|看看?|问|一下)*我(?:的|报名?(?:[了过]的?|的)|要参加的)(?:哪些|哪几场|哪场|什么)?(?:培训|课程?)"
    r"(?:报名)?(?:情况|安排|时间|是?什么时候|在哪里?)?[呢吗啊]?|(?:show |what are )?my (?:trainings?|courses?)",
    re.IGNORECASE,
)
_WORDS_AROUND = 12  # characters beside a code that nobody has: more of them are about something else
_AROUND = re.compile(r"[\s。.!！,，]+$")


def wish(talk: Talk) -> bool:
    """取消报名, 我的培训, or a code that we know: all are meant whatever was asked before."""
    code = code_in(talk.text)
    training = by_code(talk.session, code) if code else None
    said = _AROUND.sub("", (without_code(talk.text) if training else talk.text)[:40]).strip()
    if _LEAVE.fullmatch(said):
        leave(talk, training)
    elif _MINE.fullmatch(said.rstrip("?？")) and talk.private:
        if not seat.tell_mine(talk):
            if qa_link.is_trainee(talk):  # may mean the group of theirs
                return False
            talk.say("training.nothing_to_leave")
            flow.ask_again(talk)
    elif training is not None:
        begin(talk, training)
    elif (wrong := mistyped_in(talk.text)) and len(said) <= _WORDS_AROUND + len(wrong) and talk.private:
        _no_such_code(talk, wrong)
    else:
        return False
    return True


def _no_such_code(talk: Talk, code: str) -> None:
    """Said plainly, with what they may choose instead; an open form or question stays as it is."""
    talk.say("training.no_such_code", code=code)
    if talk.state.form is not None or not talk.state.free:
        flow.ask_again(talk)
    elif upcoming := list(open_sessions(talk.session, at=talk.at, limit=MOST)):
        talk.say("training.choose")
        talk.ask("training_pick", *_numbered(talk, upcoming))


def choose(talk: Talk, *, wish: str | None = None) -> None:
    """报名培训 without a code: the sessions anybody may join; none of them, and the trainer calls.

    ``wish`` is what was said of it, where that was earlier.
    """
    training = _coded(talk)
    if training is not None:
        begin(talk, training)
        return
    upcoming = open_sessions(talk.session, at=talk.at, limit=MOST)
    if wish is None and qa_link.is_trainee(talk):
        _choose_again(talk, list(upcoming))
        return
    if not upcoming or not talk.private:
        talk.say("training.none_planned")
        intake.training(talk, wish=wish)
        return
    talk.state.forget_form()
    talk.say("training.choose")
    talk.ask("training_pick", *_numbered(talk, list(upcoming)))


def _choose_again(talk: Talk, upcoming: list[TrainingSession]) -> None:
    """Who is a trainee may want another session, or the way into the group of theirs."""
    talk.state.forget_form()
    talk.say("training.choose" if upcoming else "training.none_planned")
    listed = _numbered(talk, upcoming)
    more = [GROUP_LINK] if upcoming else [GROUP_LINK, NEW_WISH]
    talk.ask("training_pick", *listed, *((str(n), what) for n, what in enumerate(more, len(listed) + 1)))


def picked(talk: Talk) -> bool:
    """One of the list, by its number or by the digits of its code, as they are keyed on a phone."""
    if talk.chosen() in (GROUP_LINK, NEW_WISH):
        go = qa_link.tell if talk.chosen() == GROUP_LINK else intake.training
        talk.drop_question()
        go(talk)
        return True
    training = _coded(talk)
    if training is None and re.fullmatch(r"\d{4,6}#?", talk.text):
        training = by_code(talk.session, f"PX{talk.text.rstrip('#')}")
    if training is None:
        return False
    begin(talk, training)
    return True


def scanned(talk: Talk, scene: Scene) -> None:
    """The poster."""
    training = session_of(talk, scene)
    if training is not None:
        begin(talk, training)


def session_of(talk: Talk, scene: Scene) -> TrainingSession | None:
    """The session that a scanned code leads to; None, and told so, when there is none any more."""
    training = talk.session.get(TrainingSession, scene.payload.get("session"))
    if training is None:
        talk.say("scene.over")
    return training


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


def leave(talk: Talk, training: TrainingSession | None) -> None:
    """Give a seat back: the only one they have, or the one they choose."""
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
    """Which of several seats is given back."""
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
