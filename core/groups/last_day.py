"""The last day of a group is moved: its end is promised for the new day, and who is in it is told. Nobody here commits."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.end import end_key, last_moment
from core.groups.journal import write_down
from core.groups.lead_in import watch_waiting
from core.groups.lifecycle import ENDED
from core.groups.link import ask_for_link
from core.groups.model import QaGroup
from core.groups.post import post
from core.groups.told import locked
from core.house import House
from core.promise.model import Promise
from core.training.news import session_words


class BadLastDay(Exception):
    """答疑群的最后一天不能这样改。``why`` is ended, past or too_far."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def held(session: Session, number: int) -> QaGroup:
    """The group with the promise of its end, locked in the clock's own order: the promise first."""
    session.scalars(select(Promise.id).where(Promise.key == end_key(number)).with_for_update()).first()
    return locked(session, number)


def move_last_day(
    session: Session, house: House, group: QaGroup, day: date, *, by: str, at: datetime
) -> bool:
    """``group`` is ``held``. False: it was that day already. BadLastDay."""
    today = house.local(at).date()
    if group.state in ENDED and group.state != "lost":  # a lost one may be made anew, until then
        raise BadLastDay("ended")
    if day < today:
        raise BadLastDay("past")
    if day > today + timedelta(days=house.book.policy("groups")["longest_days"]):
        raise BadLastDay("too_far")
    if day == group.ends_on:
        return False
    before, group.ends_on, group.changed_at = group.ends_on, day, at
    move_promise(session, house, group)
    write_down(session, group, by=by, before={"ends_on": before.isoformat()}, at=at)
    if group.state == "waiting_for_admin" and before <= today:  # nobody was reminded of it any more
        watch_waiting(session, house, group, at=at, again=f":{day:%y%m%d}")
    if group.state == "open":
        _renew(session, house, group, at)
        _tell(session, house, group, at)
    return True


def move_promise(session: Session, house: House, group: QaGroup) -> None:
    """Its end is due when its last day says."""
    promised = session.scalars(select(Promise).where(Promise.key == end_key(group.id))).first()
    if promised is not None and promised.status == "pending":
        promised.due_at, promised.reason = last_moment(house, group), "its last day was moved"


def _renew(session: Session, house: House, group: QaGroup, at: datetime) -> None:
    """A link that expires with the old last day, and whose renewal was given up by now."""
    before = timedelta(hours=house.book.policy("groups")["renew_hours_before"])
    expires = group.link_expires_at
    if expires is not None and expires - before <= at and house.local(expires).date() <= group.ends_on:
        ask_for_link(session, house, group, at=at)


def _tell(session: Session, house: House, group: QaGroup, at: datetime) -> None:
    words = session_words(house, group.training, "zh")
    text = house.book.text("qa_group.last_day", ends_on=f"{group.ends_on:%m-%d}", **words)
    key = f"group_last_day:{group.id}:{group.ends_on:%y%m%d}:{at:%y%m%d%H%M%S%f}"
    post(session, house, group.id, text, quote=None, key=key)
