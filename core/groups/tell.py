"""What the trainer of a session, and who owns its group, hear of it: always with the next step."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.model import QaGroup
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.staff.push import push
from core.ticket.model import Ticket
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


def in_charge(session: Session, group: QaGroup, owner: str | None) -> list[str]:
    """The trainer, and whoever of the staff has the account that owns the group at its provider."""
    trainer = group.training.trainer
    owners = session.scalars(select(Staff.name).where(Staff.wecom_id == owner, Staff.active)) if owner else ()
    return list(dict.fromkeys([*([trainer.name] if trainer else []), *owners]))


def tell_of_text(
    session: Session,
    house: House,
    group: QaGroup,
    news: str,
    message: OutboxMessage,
    *,
    owner: str,
    ticket: Ticket | None,
    at: datetime,
    why: str = "",
) -> None:
    """Of a text that its owner was asked to send. ``news``: reminded (the owner), unconfirmed (the head), unsent (both in charge)."""
    people = in_charge(session, group, owner)
    push(
        session,
        house,
        key=f"qa_{news}:{message.id}",
        audience="head" if news == "unconfirmed" else "desk",
        wording=f"push.qa_group_{news}",
        at=at,
        ticket=ticket,
        # The owner comes last: without an account that we know, the trainer tells him.
        names={"reminded": people[-1:], "unsent": people}.get(news) or None,
        people="、".join(people) or "—",
        why=house.book.label("qa_unsent", why) if why else "—",
        text=message.text,
        **session_words(house, group.training, "zh"),
    )
