"""What staff must say in a group themselves, where its provider lets no program hear or speak."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.model import GroupMember, QaGroup
from core.groups.post import post
from core.house import House
from core.staff.model import Staff
from core.staff.push import push
from core.training.model import Enrolment
from core.training.news import session_words

DEAF = ("wecom",)  # channels in whose groups nothing can be asked


def offer(session: Session, house: House, customer_id: int, text: str, *, mark: str) -> None:
    """What a member asked in private is offered to the group, without a name; once per ``mark``. Nobody commits."""
    mine = (
        select(QaGroup.id)
        .join(GroupMember, GroupMember.group_id == QaGroup.id)
        .join(Enrolment, GroupMember.enrolment_id == Enrolment.id)
        .where(
            Enrolment.customer_id == customer_id,
            GroupMember.state == "joined",
            QaGroup.state == "open",
            QaGroup.channel.in_(DEAF),
        )
    )
    for number in session.scalars(mine.order_by(QaGroup.id)):
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
