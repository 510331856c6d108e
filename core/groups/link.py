"""The invitation link of a group at a provider: made, renewed before it expires, taken back at the end."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from core.groups.invite import invite_all
from core.groups.model import QaGroup
from core.groups.open import open_group
from core.groups.order import order
from core.house import House
from core.promise.model import Promise, promise


def ask_for_link(
    session: Session,
    house: House,
    group: QaGroup,
    *,
    at: datetime,
    key: str | None = None,
    only: bool = False,
) -> None:
    """Order a link that expires (policy ``groups.link_days``, and with the group) and only lets people ask.

    ``only``: for whom asked for it; nobody else is invited anew.
    """
    last = house.local(at) + timedelta(days=house.book.policy("groups")["link_days"])
    day_after = datetime.combine(group.ends_on + timedelta(days=1), time(), house.zone)
    expires = min(last, max(day_after, house.local(at) + timedelta(hours=1)))
    name = f"{group.training.code} {expires:%m-%d}"
    order(session, house, group, "link", key=key, name=name, expires=expires.isoformat(), only=only)


def link_made(
    session: Session,
    house: House,
    group: QaGroup,
    link: str,
    expires: datetime,
    *,
    at: datetime,
    only: bool = False,
) -> None:
    """The provider has made a link: the group opens with it, or goes on with it. An older one expires by itself."""
    if group.state == "waiting_for_admin":
        open_group(session, house, group, link=link, link_expires_at=expires, at=at)
    elif group.state == "open":
        group.invite_link, group.link_expires_at, group.changed_at = link, expires, at
        if not only:
            invite_all(session, house, group, at=at)
    else:  # it ended while the provider was making it
        order(session, house, group, "unlink", link=link)
        return
    _promise_renewal(session, house, group, expires)


def _promise_renewal(session: Session, house: House, group: QaGroup, expires: datetime) -> None:
    before = timedelta(hours=house.book.policy("groups")["renew_hours_before"])
    row = {
        "key": f"group_link:{group.id}:{expires:%Y%m%d%H%M}",
        "kind": "group_link",
        "due_at": expires - before,
        "payload": {"group": group.id},
    }
    promise(session, row)


def keep_group_link(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Renew the link while the group goes on beyond it."""
    group = session.get_one(QaGroup, row.payload["group"])
    if group.state != "open" or house.local(now).date() >= group.ends_on:
        row.status, row.ended_at, row.reason = (
            "cancelled",
            now,
            f"the group is {group.state}, to {group.ends_on}",
        )
        return None
    ask_for_link(session, house, group, at=now)
    return None
