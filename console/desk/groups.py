"""What staff see of Q&A groups: the list, and one with its people, its troubles and what is to be said in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.groups.confirm import UNSENT, known
from core.groups.confirm import WAITING as WAITING_FOR
from core.groups.find import members
from core.groups.invite import way_in
from core.groups.model import GroupMember, QaGroup
from core.groups.post import WAYS
from core.groups.read_back import look_at
from core.groups.roll import GONE
from core.house import House
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.training.model import SEATED, Enrolment, TrainingSession

MOST_TEXTS, MOST_TROUBLES = 10, 3
BY_HAND = "by hand"  # the receipt of what the provider does not send for us (bot/wecom/group_channel.py)


@dataclass(frozen=True)
class Text:
    """Something said in a group that staff must send themselves, or its owner must confirm.

    ``state`` is of core/groups/confirm.py; of what was not read back yet "asked" or "copy". ``trouble``: why it cannot be.
    """

    number: int
    text: str
    at: datetime
    state: str
    when: datetime | None
    looked_at: datetime | None
    told: int
    why: str
    by: str
    trouble: str | None


@dataclass(frozen=True)
class GroupView:
    group: QaGroup
    trainees: list[GroupMember]
    strangers: list[GroupMember]  # who are in it now
    free: list[Enrolment]  # who of the session has no account there yet
    troubles: list[str]
    texts: list[Text]
    ways: dict[int, str]  # trainee who is not in yet → their way in
    people: list[str]  # to whom it may be handed over


def newest(session: Session, *, limit: int) -> list[tuple[QaGroup, dict[str, int]]]:
    """Groups, the latest first, each with how many members are in which state."""
    query = select(QaGroup).options(joinedload(QaGroup.training)).order_by(QaGroup.id.desc()).limit(limit)
    groups = list(session.scalars(query))
    counted = select(GroupMember.group_id, GroupMember.state, func.count()).where(
        GroupMember.group_id.in_([group.id for group in groups])
    )
    found: dict[int, dict[str, int]] = {group.id: {} for group in groups}
    for number, state, many in session.execute(counted.group_by(GroupMember.group_id, GroupMember.state)):
        found[number][state] = many
    return [(group, found[group.id]) for group in groups]


def planned(session: Session, *, limit: int) -> list[TrainingSession]:
    """Sessions whose group can be prepared, the next first."""
    query = select(TrainingSession).options(joinedload(TrainingSession.course))
    query = query.where(TrainingSession.state == "planned").order_by(
        TrainingSession.starts_at, TrainingSession.id
    )
    return list(session.scalars(query.limit(limit)))


def view(session: Session, house: House, number: int) -> GroupView | None:
    loaded = joinedload(QaGroup.training).joinedload(TrainingSession.trainer)
    group = session.scalars(select(QaGroup).options(loaded).where(QaGroup.id == number)).first()
    if group is None:
        return None
    rows = members(session, group)
    held = {row.enrolment_id for row in rows if row.state != "declined" and row.external_id}
    roll = select(Enrolment).where(Enrolment.session_id == group.session_id, Enrolment.state.in_(SEATED))
    people = session.scalars(select(Staff.name).where(Staff.active).order_by(Staff.id))
    return GroupView(
        group,
        [row for row in rows if row.state != "declined"],
        [row for row in rows if row.state == "declined" and row.reason != GONE],
        [row for row in session.scalars(roll.order_by(Enrolment.position)) if row.id not in held],
        _troubles(session, group),
        _texts(session, group) if group.channel == "wecom" else [],
        {row.id: way_in(house, row) for row in rows if row.state in ("invited", "left")},
        list(people),
    )


def way_of(session: Session, house: House, number: int, member: int) -> str | None:
    """The link of an open group, or of one of its trainees who is not in; None where there is none to give."""
    group = session.get(QaGroup, number)
    if group is None or group.state != "open":
        return None
    if member == 0:
        return group.invite_link
    row = session.get(GroupMember, member)
    waits = row is not None and row.group_id == group.id and row.state in ("invited", "left")
    return way_in(house, row) if row is not None and waits else None


def _troubles(session: Session, group: QaGroup) -> list[str]:
    """What the provider last said of what it has not done for us, newest first."""
    names = [name for name in (group.external_id, group.token) if name]
    stuck = select(OutboxMessage.error).where(
        OutboxMessage.lane.in_([f"{WAYS[group.channel]}:{group.account}:{name}" for name in names]),
        OutboxMessage.status.in_((*WAITING, "dead")),
        OutboxMessage.error.is_not(None),
    )
    newest_first = stuck.order_by(OutboxMessage.id.desc()).limit(MOST_TROUBLES)
    return [error for error in session.scalars(newest_first) if error]


def _texts(session: Session, group: QaGroup) -> list[Text]:
    lane = f"{WAYS[group.channel]}:{group.account}:{group.external_id}"
    said = select(OutboxMessage).where(OutboxMessage.lane == lane, OutboxMessage.text != "")
    rows = list(session.scalars(said.order_by(OutboxMessage.id.desc()).limit(MOST_TEXTS)))
    looks = {
        look_at(lane, known(row)["msgid"]): row.id for row in rows if known(row).get("state") == WAITING_FOR
    }
    stuck = select(OutboxMessage.lane, OutboxMessage.error).where(
        OutboxMessage.lane.in_(looks),
        OutboxMessage.status.in_((*WAITING, "dead")),
        OutboxMessage.error.is_not(None),
    )
    troubles = {looks[name]: error for name, error in session.execute(stuck.order_by(OutboxMessage.id))}
    return [_text(group, row, troubles.get(row.id)) for row in rows]


def _text(group: QaGroup, row: OutboxMessage, trouble: str | None) -> Text:
    state = known(row)
    name, why = state.get("state"), state.get("why", "")
    if name is None:  # said before anybody read back, given up before its owner was asked, or on its way
        name = "asked" if row.receipt not in (None, BY_HAND) else "failed" if row.status == "dead" else "copy"
        why = "deleted" if group.state == "lost" else "refused"
    return Text(
        number=row.id,
        text=row.text,
        at=row.said_at,
        state=name,
        when=_moment(state.get("at")),
        looked_at=_moment(state.get("looked_at")),
        told=min(state.get("told", 0), 2),
        why="never" if name == UNSENT else why,
        by=state.get("by", ""),
        trouble=trouble,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
