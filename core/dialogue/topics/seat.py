"""The end of a registration for a training: the seat itself, or the place on the waiting list, and signing in."""

from typing import Any

from core.dialogue.talk import Talk
from core.dialogue.topics import flow
from core.training.attendance import attends
from core.training.find import enrolments_of
from core.training.model import Enrolment, TrainingSession
from core.training.news import session_words
from core.training.seats import NoSeat, Trainee, enrol, queue_position
from core.training.times import reminder_times

FORM = "enrolment"
_TOLD = 5
_REFUSED = {
    "cancelled": "training.no_longer",
    "taken": "training.taken",
    "retired": "training.retired",
}


def take(talk: Talk) -> None:
    """Everything that is needed is known: take a seat and say so."""
    known = dict(talk.state.slots)
    training = talk.session.get_one(TrainingSession, known["_session"])
    talk.state.forget_form()
    trainee = Trainee(
        name=known.get("name") or _nameless(talk, known.get("phone")),
        phone=known.get("phone"),
        organisation=known.get("organisation") or training.organisation,
        customer_id=talk.customer.id,
    )
    try:
        enrolment = enrol(talk.session, talk.house, training, trainee, via=talk.channel, at=talk.at)
    except NoSeat as refused:
        refuse(talk, refused.why)
        return
    _remember(talk, known, trainee)
    if known.get("_attend") and enrolment.state == "registered":
        sign_in(talk, training, enrolment)
    else:
        tell(talk, training, enrolment)


def refuse(talk: Talk, why: str) -> None:
    """There is no seat, in the words for ``why`` (cancelled, taken, retired, else too late)."""
    talk.say(_REFUSED.get(why, "training.over"))


def tell(talk: Talk, training: TrainingSession, enrolment: Enrolment, *, again: bool = False) -> None:
    """What they have: a seat, or which place in the line."""
    words = session_words(talk.house, training, talk.language)
    if enrolment.state == "waiting":
        talk.say(
            "training.waiting",
            **words,
            name=enrolment.name,
            place_in_line=queue_position(talk.session, enrolment),
        )
    elif enrolment.state == "attended":
        talk.say("training.signed_in", **words, name=enrolment.name)
    elif again:
        talk.say("training.already", **words, name=enrolment.name)
    else:
        talk.say("training.registered", **words, name=enrolment.name, reminders=_reminders(talk, training))


def tell_mine(talk: Talk) -> bool:
    """Each seat and each place in a line that they have; False where they have none."""
    mine = enrolments_of(talk.session, talk.customer.id, at=talk.at, limit=_TOLD)
    for enrolment, training in mine:
        tell(talk, training, enrolment, again=True)
    if mine:
        flow.ask_again(talk)
    return bool(mine)


def _reminders(talk: Talk, training: TrainingSession) -> str:
    """Which of them will still come is said, no others."""
    to_come = list(reminder_times(talk.house, training, at=talk.at))
    which = "both" if len(to_come) > 1 else next(iter(to_come), "none")
    return talk.house.book.text(f"training.reminders_{which}", talk.language)


def sign_in(talk: Talk, training: TrainingSession, enrolment: Enrolment) -> None:
    """Their attendance is taken by the code at the door."""
    attends(talk.session, talk.house, training, enrolment, by="scan", at=talk.at)
    words = session_words(talk.house, training, talk.language)
    talk.say("training.signed_in", **words, name=enrolment.name)


def _nameless(talk: Talk, phone: str | None) -> str:
    """Who told no name is found on the roll by the end of their number."""
    if talk.customer.name or not phone:
        return talk.customer.name or talk.house.book.text("word.customer", talk.language)
    return talk.house.book.text("training.nameless", talk.language, ending=phone[-4:])


def _remember(talk: Talk, told: dict[str, Any], trainee: Trainee) -> None:
    """What was told goes into the customer's file, a proved number stays."""
    customer = talk.customer
    customer.name = customer.name or told.get("name")
    if customer.phone_verified_at is None:
        customer.phone = customer.phone or trainee.phone
