"""What came of an order to a provider, or of words for a group: called where the outbox row ends."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.groups.end import lose_group
from core.groups.find import member_by_account
from core.groups.link import link_made
from core.groups.model import QaGroup
from core.groups.order import Shut
from core.groups.tell import tell_trainer
from core.house import House
from core.messaging.channel import Never
from core.messaging.outbox import OutboxMessage

_GONE = ("removed", "deleted")


def order_done(session: Session, house: House, message: OutboxMessage, receipt: str) -> None:
    """The provider did it; of a link, ``receipt`` is the link itself."""
    if message.extra.get("do") != "link":
        return
    group = _group(session, message)
    expires = datetime.fromisoformat(message.extra["expires"])
    only = bool(message.extra.get("only"))
    link_made(session, house, group, receipt, expires, at=house.clock.now(), only=only)


def order_failed(session: Session, house: House, message: OutboxMessage, refused: Never) -> None:
    """It will never be done: the group is lost, or the bot lacks a right, and the trainer hears what to do."""
    group, at = _group(session, message), house.clock.now()
    here = message.recipient.partition("/")[0] == group.external_id
    why = refused.why if isinstance(refused, Shut) else ""
    if here and why in _GONE:
        lose_group(session, house, group, reason=why, at=at)
    elif here and why == "no_rights" and group.state in ("waiting_for_admin", "open"):
        group.reason, group.changed_at = why, at
        key = f"group_no_rights:{group.id}:{group.round}:{house.local(at):%m%d}"
        tell_trainer(session, house, group, "no_rights", key=key, at=at, why=why)
    if message.extra.get("do") == "admit":
        _not_let_in(session, group, message.extra["person"])


def _not_let_in(session: Session, group: QaGroup, person: str) -> None:
    """They may ask again."""
    member = member_by_account(session, group, person)
    if member is not None and member.state == "asked":
        member.state, member.reason = "invited", "not_let_in"


def _group(session: Session, message: OutboxMessage) -> QaGroup:
    return session.get_one(QaGroup, message.extra["group"], with_for_update={"of": QaGroup})
