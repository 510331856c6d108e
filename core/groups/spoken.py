"""What staff must say in a group themselves, where its provider lets no program speak."""

from sqlalchemy import select

from core.groups.model import QaGroup
from core.house import House
from core.staff.model import Staff
from core.staff.push import push
from core.training.news import session_words


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
