"""When a session ends, everybody who was there gets a place in a group. Kept by the clock; doing it twice is harmless."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.notice import UNREACHABLE
from core.customer.model import Conversation, Identity
from core.groups.find import new_token, place_of
from core.groups.invite import invite_new
from core.groups.lifecycle import may
from core.groups.model import GroupMember, QaGroup
from core.groups.open import open_group, plan_group, wait_for_admin
from core.groups.route import channels_on, group_channel
from core.groups.search import watch
from core.groups.tell import tell_trainer
from core.house import House
from core.promise.model import Promise, promise
from core.training.model import Enrolment, TrainingSession
from core.training.roll import enrolled
from core.training.seats import lock


def promise_groups(session: Session, training: TrainingSession, *, at: datetime, more: str = "") -> None:
    """Promise the groups of a session; ``more`` tells a later call from the first, for who was added since."""
    key = f"group_places:{training.id}:{training.revision}{more}"
    promise(session, {"key": key, "kind": "group_places", "due_at": at, "payload": {"session": training.id}})


def keep_group_places(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """A place for each attendee in the group of the channel where they chat."""
    training = session.get_one(TrainingSession, row.payload["session"])
    lock(session, training)
    present = enrolled(session, training, *house.book.policy("groups")["admit"])
    groups: dict[str, QaGroup] = {}
    on = channels_on(house.book.policy("groups")["channels"], house.ways)
    chats = _chats(session, present)
    for enrolment in present:
        channel = group_channel(chats.get(enrolment.customer_id or 0, []), on)
        if channel not in groups:
            groups[channel] = plan_group(session, house, training, channel, at=now)
        _place(session, groups[channel], enrolment)
    session.flush()
    for group in groups.values():
        make_ready(session, house, group, at=now)
    return None


def make_ready(session: Session, house: House, group: QaGroup, *, at: datetime) -> None:
    """Our own page opens at once; a provider's group waits for a person to make it. Whoever is new is invited."""
    if group.state == "open":
        invite_new(session, house, group, at=at)
    elif group.channel == "web" and may(group, "open"):
        open_group(session, house, group, at=at)
    elif group.state == "planned":
        wait_for_admin(group, at=at)
        watch_waiting(session, house, group, at=at)


def watch_waiting(session: Session, house: House, group: QaGroup, *, at: datetime, again: str = "") -> None:
    """Promise to remind the trainer of a group that waits; ``again`` after that was given up."""
    row = {"key": f"group_waiting:{group.id}:{group.round}{again}", "kind": "group_waiting", "due_at": at}
    promise(session, {**row, "payload": {"group": group.id, "round": group.round}})
    if group.channel == "wecom":
        watch(session, house, group, at=at)


def keep_group_waiting(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Remind the trainer, each working day, of a group that nobody has made yet."""
    group = session.get_one(QaGroup, row.payload["group"])
    if group.state != "waiting_for_admin" or group.round != row.payload["round"]:
        row.reason = f"the group is {group.state}"
        return None
    if house.local(now).date() >= group.ends_on:
        row.status, row.ended_at, row.reason = "cancelled", now, "its last day has come"
        return None
    day = house.local(now).date()
    tell_trainer(session, house, group, "waiting", key=f"{row.key}:{day:%m%d}", at=now)
    return now + timedelta(hours=house.book.policy("groups")["remind_admin_hours"])


def _place(session: Session, group: QaGroup, enrolment: Enrolment) -> None:
    """One place in all groups of the session: who is in another one already stays there."""
    others = select(GroupMember.id).where(
        GroupMember.enrolment_id == enrolment.id, GroupMember.state != "declined"
    )
    if session.scalars(others.limit(1)).first() is None and place_of(session, group, enrolment) is None:
        session.add(
            GroupMember(group_id=group.id, enrolment_id=enrolment.id, name=enrolment.name, token=new_token())
        )


def _chats(session: Session, present: Sequence[Enrolment]) -> dict[int, list[str]]:
    """customer → channels of their private chats, the one heard last first."""
    people = [enrolment.customer_id for enrolment in present if enrolment.customer_id]
    private = Identity.channel + ":" + Identity.account + ":" + Identity.external_id
    query = (
        select(Identity.customer_id, Identity.channel)
        .join(Conversation, Conversation.identity_id == Identity.id)
        .where(
            Identity.customer_id.in_(people),
            Identity.dead_at.is_(None),
            Identity.channel.not_in(UNREACHABLE),
            Conversation.lane == private,
        )
        .order_by(Conversation.last_heard_at.desc(), Conversation.id.desc())
    )
    found: dict[int, list[str]] = {}
    for customer_id, channel in session.execute(query):
        found.setdefault(customer_id, []).append(channel)
    return found
