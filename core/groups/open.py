"""From a plan to an open group. Nobody here commits."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.end import promise_end
from core.groups.find import new_token
from core.groups.invite import invite_all
from core.groups.lifecycle import move
from core.groups.model import QaGroup
from core.house import House
from core.training.model import TrainingSession


def plan_group(
    session: Session, house: House, training: TrainingSession, channel: str, *, at: datetime
) -> QaGroup:
    """The group of a session on a channel, planned now where there is none. The caller holds the session's row."""
    same = QaGroup.session_id == training.id, QaGroup.channel == channel
    group = session.scalars(select(QaGroup).where(*same)).first()
    if group is not None:
        return group
    day = house.local(training.ends_at).date()
    usual = day + timedelta(days=house.book.policy("training")["group_days"])
    group = QaGroup(
        training=training,
        channel=channel,
        token=new_token(),
        opens_on=day,
        ends_on=training.group_ends_on or usual,
        created_at=at,
        changed_at=at,
    )
    session.add(group)
    session.flush()
    return group


def wait_for_admin(group: QaGroup, *, at: datetime) -> None:
    """A person has to make the group at the provider; a lost one is made anew, with a code that was not used yet."""
    if group.state == "lost":
        group.round += 1
        group.token = new_token()
        group.external_id = group.invite_link = group.link_expires_at = group.join_way = None
    move(group, "wait", at=at)


def tie(group: QaGroup, *, account: str, external_id: str, title: str | None, at: datetime) -> None:
    """The provider's group is known now; it may still wait for rights or for its link."""
    group.account, group.external_id = account, external_id
    group.title, group.changed_at = title or group.title, at


def open_group(
    session: Session,
    house: House,
    group: QaGroup,
    *,
    link: str | None = None,
    link_expires_at: datetime | None = None,
    at: datetime,
) -> None:
    """Members may come from now on; whoever has a place is invited, and the end is promised. BadGroupMove."""
    move(group, "open", at=at)
    group.opened_at = group.opened_at or at
    group.invite_link, group.link_expires_at = link, link_expires_at
    if group.external_id is None:  # the house's own page has no provider to number it
        group.external_id = f"g{group.id}"
    session.flush()
    promise_end(session, house, group)
    invite_all(session, house, group, at=at)
