"""What the trainer of a session hears of its group, always with the next step."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.groups.model import QaGroup
from core.house import House
from core.staff.push import push
from core.training.news import session_words


def tell_trainer(
    session: Session, house: House, group: QaGroup, news: str, *, key: str, at: datetime, why: str = ""
) -> None:
    """Push to the trainer of the session (else the desk), once per ``key``. ``news``: waiting, lost, no_rights, …"""
    training = group.training
    push(
        session,
        house,
        key=key,
        audience="desk",
        wording=f"push.qa_group_{news}",
        at=at,
        names=[training.trainer.name] if training.trainer else None,
        channel_name=house.book.label("qa_channel", group.channel),
        why=house.book.label("qa_reason", why) if why else "—",
        token=group.token,
        ends_on=f"{group.ends_on:%m-%d}",
        **session_words(house, training, "zh"),
    )
