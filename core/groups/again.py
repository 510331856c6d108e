"""A trainee who lost the way into the group asks for it again. Nobody here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.groups.find import is_over
from core.groups.invite import is_ready, way_in
from core.groups.lead_in import promise_groups
from core.groups.link import ask_for_link
from core.groups.model import GroupMember, QaGroup
from core.groups.search import anew
from core.groups.told import locked
from core.groups.ways import ask_for_way, take_back
from core.house import House
from core.promise.model import promise
from core.training.find import enrolment_in
from core.training.model import Enrolment, TrainingSession

LOOKED_AT, MOST = 9, 3  # sessions of a trainee, the newest first; and how many of them are told
LAST = ("over",)


@dataclass(frozen=True)
class Standing:
    """How a trainee stands to the group of one session.

    ``why`` is way (it can be told), in, making (a way is being made), not_made (nobody made the group yet), not_yet
    (before the end of the session), not_attending, removed or over.
    """

    training: TrainingSession
    why: str
    member: GroupMember | None = None


def standings(session: Session, house: House, customer: Customer, *, at: datetime) -> list[Standing]:
    """Newest first; groups that are over only where there is no other. Empty: no trainee, as far as we know."""
    found = [_standing(session, house, one, at) for one in _enrolments(session, customer)]
    living = [one for one in found if one.why not in LAST]
    return (living or found[:1])[:MOST]


def fresh(session: Session, house: House, member: GroupMember, *, at: datetime) -> None:
    """The way in they have leads nowhere, or is not made yet: another is told them, once for each that did not work."""
    group, dead = locked(session, member.group_id), way_in(house, member)
    if group.channel == "telegram":
        key = f"group_relink:{group.id}:{_mark(dead)}"
        ask_for_link(session, house, group, at=at, key=key, only=True)
    else:
        if is_ready(house, member):
            take_back(session, house, group, member)
            anew(member)
        if group.channel == "wecom":
            member.invitations = house.book.policy("groups")["invitations"]  # it is told here, not twice
            ask_for_way(session, house, group, member)
    _tell_when_ready(session, member, dead, at)


def _tell_when_ready(session: Session, member: GroupMember, dead: str, at: datetime) -> None:
    payload = {"member": member.id, "asked": True, "but": dead}
    key = f"group_invite:{member.id}:asked:{_mark(dead)}"
    promise(session, {"key": key, "kind": "group_invite", "due_at": at, "payload": payload})


def _mark(link: str) -> str:
    return f"{crc32(link.encode()):08x}"


def _enrolments(session: Session, customer: Customer) -> Sequence[Enrolment]:
    """Their own, and those of their proved number on a list, which are theirs from now on."""
    mine = Enrolment.customer_id == customer.id
    if customer.phone_verified_at is not None:
        mine = or_(mine, and_(Enrolment.customer_id.is_(None), Enrolment.phone == customer.phone))
    query = select(Enrolment).join(TrainingSession, Enrolment.session_id == TrainingSession.id)
    query = query.where(mine, Enrolment.state != "cancelled", TrainingSession.state != "cancelled")
    rows = session.scalars(
        query.order_by(TrainingSession.starts_at.desc(), Enrolment.id).limit(LOOKED_AT)
    ).all()
    return [row for row in rows if row.customer_id == customer.id or _claimed(session, row, customer)]


def _claimed(session: Session, listed: Enrolment, customer: Customer) -> bool:
    if enrolment_in(session, customer.id, listed.session_id) is not None:
        return False
    listed.customer_id = customer.id
    session.flush()
    return True


def _standing(session: Session, house: House, enrolment: Enrolment, at: datetime) -> Standing:
    training = session.get_one(TrainingSession, enrolment.session_id)
    places = select(GroupMember).where(
        GroupMember.enrolment_id == enrolment.id, GroupMember.state != "declined"
    )
    member = session.scalars(places.order_by(GroupMember.id.desc()).limit(1)).first()
    admits = enrolment.state in house.book.policy("groups")["admit"]
    if member is not None:
        return Standing(training, _of_place(house, member, admits, at), member)
    if training.group_ends_on is not None and house.local(at).date() > training.group_ends_on:
        return Standing(training, "over")
    if training.state == "planned":
        return Standing(training, "not_yet")
    if not admits:
        return Standing(training, "not_attending")
    promise_groups(session, training, at=at, more=f":asked:{enrolment.id}")
    return Standing(training, "making")


def _of_place(house: House, member: GroupMember, admits: bool, at: datetime) -> str:
    group = member.group
    if group.state in ("closed", "handed_over") or is_over(house, group, at):
        return "over"
    if member.state == "removed":
        return "removed"
    if not admits:
        return "not_attending"
    if group.state != "open":
        return "not_made"
    if not is_ready(house, member) or _expires(group, at):
        return "making"
    return "in" if member.state == "joined" else "way"


def _expires(group: QaGroup, at: datetime) -> bool:
    return group.link_expires_at is not None and group.link_expires_at <= at + timedelta(hours=1)
