"""What staff do on the page of a Q&A group: a verb each, within the page's transaction."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from core.groups.admission import Declined
from core.groups.confirmed import pasted, post_again
from core.groups.doubt import confirm, deny
from core.groups.end import close_group, hand_over
from core.groups.invite import invite_new
from core.groups.join import let_back
from core.groups.last_day import held, move_last_day
from core.groups.listen import choose
from core.groups.model import GroupMember, QaGroup
from core.groups.search import anew, look_now, wait_again
from core.groups.ways import take_back
from core.house import House
from core.training.model import Enrolment

Form = FormData


class NotSo(Exception):
    """What was asked cannot be done; ``why`` is a key of the page's words."""


def _look(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    look_now(session, house, group, at=at)


def _again(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    wait_again(session, house, group, at=at)


def _close(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    close_group(session, house, group, reason="by_staff", at=at)


def _hand_over(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    to = str(form.get("to") or "").strip()
    if not to:
        raise NotSo("nobody")
    hand_over(session, house, group, to=to, reason="by_staff", at=at)


def _last_day(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    try:
        day = date.fromisoformat(str(form.get("day") or ""))
    except ValueError:
        raise NotSo("no_day") from None
    move_last_day(session, house, group, day, by=by, at=at)


def _listen(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    choose(session, group, [str(how) for how in form.getlist("listen")], by=by, at=at)


def _listen_usual(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    choose(session, group, None, by=by, at=at)


def _confirm(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    stranger, enrolment = _member(session, group, form), session.get(Enrolment, number_in(form, "enrolment"))
    if enrolment is None or enrolment.session_id != group.session_id or stranger.state != "declined":
        raise NotSo("nobody")
    verdict = confirm(session, house, group, stranger, enrolment, by=by, at=at)
    if isinstance(verdict, Declined):
        raise NotSo("taken" if verdict.why == "second_account" else "not_admitted")


def _deny(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    member = _member(session, group, form)
    if member.state != "joined" or member.external_id is None:
        raise NotSo("nobody")
    deny(session, house, group, member, at=at)


def _let_back(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    let_back(_member(session, group, form), by=by, at=at)


def _member(session: Session, group: QaGroup, form: Form) -> GroupMember:
    member = session.get(GroupMember, number_in(form, "member"))
    if member is None or member.group_id != group.id:
        raise NotSo("nobody")
    return member


def number_in(form: Form, name: str) -> int:
    value = str(form.get(name) or "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _invite(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    member = _member(session, group, form)
    if member.state not in ("invited", "left"):
        raise NotSo("nobody")
    take_back(session, house, group, member)
    anew(member)
    invite_new(session, house, group, at=at)


def _pasted(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    if not pasted(session, group, number_in(form, "text"), by=by, at=at):
        raise NotSo("no_text")


def _post_again(session: Session, house: House, group: QaGroup, form: Form, by: str, at: datetime) -> None:
    if group.state != "open":
        raise NotSo("not_open")
    if not post_again(session, house, group, number_in(form, "text"), at=at):
        raise NotSo("no_text")


def _group(session: Session, number: int) -> QaGroup:
    return session.get_one(QaGroup, number)


Step = Callable[[Session, House, QaGroup, Form, str, datetime], None]
STEPS: dict[str, Step] = {
    "look": _look,
    "again": _again,
    "close": _close,
    "hand_over": _hand_over,
    "last_day": _last_day,
    "listen": _listen,
    "listen_usual": _listen_usual,
    "confirm": _confirm,
    "deny": _deny,
    "let_back": _let_back,
    "invite": _invite,
    "pasted": _pasted,
    "post_again": _post_again,
}
# How the group is held for them, if not simply locked. A text is locked before its group, by whoever sends it.
HOLD: dict[str, Callable[[Session, int], QaGroup]] = {
    "last_day": held,
    "pasted": _group,
    "post_again": _group,
}
