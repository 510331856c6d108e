"""What staff must say in a group themselves, where its provider lets no program hear or speak."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.groups.model import GroupMember, QaGroup
from core.groups.post import post
from core.house import House
from core.staff.model import Staff
from core.staff.push import push
from core.training.model import Enrolment
from core.training.news import session_words

DEAF = ("wecom",)  # channels in whose groups nothing can be asked: it is by the question form, or in private


def offer(
    session: Session, house: House, customer_id: int, text: str, *, asked_in: int | None, mark: str
) -> None:
    """What a member asked is offered to the group, without a name; once per ``mark``. Nobody commits.

    ``asked_in`` is the group by whose form it was asked, if it was.
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
        post(session, house, number, text, quote=None, key=f"group_offer:{number}:{mark}")


def to_be_sent(house: House, number: int, text: str, *, key: str, owner: str, asked: bool) -> None:
    """Push the ready text to the trainer and to who owns the group; once per ``key``.

    ``asked``: the owner also has it in the provider's own assistant and only needs to confirm.
    """
    with house.database.session() as session:
        group = session.get_one(QaGroup, number)
        trainer = group.training.trainer
        owners = session.scalars(select(Staff.name).where(Staff.wecom_id == owner, Staff.active))
        names = dict.fromkeys([*([trainer.name] if trainer else []), *owners])
        push(
            session,
            house,
            key=f"qa_say:{key}",
            audience="desk",
            wording="push.qa_group_confirm" if asked else "push.qa_group_say",
            at=house.clock.now(),
            names=list(names) or None,
            text=text,
            **session_words(house, group.training, "zh"),
        )
        session.commit()
