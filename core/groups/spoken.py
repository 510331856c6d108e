"""What staff must say in a group themselves, where its provider lets no program hear or speak."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.groups.confirm import BY_HAND, expect, known, remember
from core.groups.confirmed import write
from core.groups.model import GroupMember, QaGroup
from core.groups.post import post
from core.groups.tell import in_charge
from core.house import House
from core.messaging.channel import Outgoing
from core.messaging.outbox import OutboxMessage
from core.staff.push import push
from core.training.model import Enrolment
from core.training.news import session_words

DEAF = ("wecom",)  # channels in whose groups nothing can be asked: it is by the question form, or in private


def offer(
    session: Session,
    house: House,
    customer_id: int,
    text: str,
    *,
    asked_in: int | None,
    mark: str,
    ticket_id: int | None,
) -> None:
    """What a member asked is offered to the group, without a name; once per ``mark``. Nobody commits.

    ``asked_in`` is the group by whose form it was asked, if it was; on the timeline of ``ticket_id`` is written
    whether it came there (confirmed.py).
    """
    mine = (
        select(GroupMember.group_id)
        .join(Enrolment, GroupMember.enrolment_id == Enrolment.id)
        .where(Enrolment.customer_id == customer_id, GroupMember.state == "joined")
    )
    deaf = select(QaGroup.id).where(
        QaGroup.state == "open",
        QaGroup.channel.in_(DEAF),
        or_(QaGroup.id == asked_in, QaGroup.id.in_(mine)),
    )
    for number in session.scalars(deaf.order_by(QaGroup.id)):
        key = f"group_offer:{number}:{mark}"
        post(session, house, number, text, quote=None, key=key, extra={"ticket": ticket_id})


def to_be_sent(house: House, message: Outgoing, *, owner: str, msgid: str, why: str) -> None:
    """Push the ready text to the trainer and to who owns the group; once per message.

    ``msgid``: the owner also has it in the provider's own assistant under this number, and only needs to confirm; it
    is kept at once, so that a second try asks nobody again. Without one, ``why`` is a word of qa_unsent, and the
    timeline of the question says it.
    """
    at = house.clock.now()
    with house.database.session() as session:
        group, row = (
            session.get_one(QaGroup, message.extra["group"]),
            session.get_one(OutboxMessage, message.id),
        )
        if (before := known(row).get("state")) in (None, BY_HAND):
            if msgid:
                expect(session, house, row, msgid=msgid, owner=owner, at=at)
            else:
                if before is None:
                    write(session, row, "group_unsent", at=at, why=why)
                remember(row, state=BY_HAND, why=why, since=None, tried=None)
        push(
            session,
            house,
            key=f"qa_say:{message.key}",
            audience="desk",
            wording="push.qa_group_confirm" if msgid else "push.qa_group_say",
            at=at,
            names=in_charge(session, group, owner) or None,
            text=message.text,
            **session_words(house, group.training, "zh"),
        )
        session.commit()
