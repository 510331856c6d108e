"""What we say is a row before it is a request."""

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.messaging.inbox import clean
from core.messaging.lease import Leased, waiting_indexes
from core.messaging.moment import database_clock


class OutboxMessage(Leased, Base):
    """One message that we say, once: for whom, what it is worth, its lease, and the provider's receipt."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("key"), *waiting_indexes("outbox"))

    # The business key of something said once ("survey:2611220001:1"); null for answers within a turn.
    key: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    account: Mapped[str] = mapped_column(Text, default="")
    recipient: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text, default="customer")  # customer | staff
    text: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)  # business time
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    # The message this answers; a foreign key would tie the retention of the two tables together.
    reply_to: Mapped[int | None] = mapped_column(index=True)
    receipt: Mapped[str | None] = mapped_column(Text)  # the provider's id of what we sent
    # answer | notice | result: what it is worth where a provider counts what we may say (core/messaging/allowance.py)
    weight: Mapped[str] = mapped_column(Text, default="answer")
    # The question its choices answer, so that a button pressed days later still finds it (core/dialogue/state.py).
    question: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    pressed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a button is pressed once
    pressed_key: Mapped[str | None] = mapped_column(Text)
    # What the channel needs besides: {"edit": receipt} changes a message, {"ask": "contact"} shows a button, …
    # {"picture": {id, mime, width, height}}: shown with the words where the channel can (core/knowledge/pictures.py).
    # {"alone": true}: its words are another message (bot/wechat/passive.py).
    # {"secret": code}: a code that is good for some minutes, and not for staff to read.
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @property
    def readable(self) -> str:
        """The text as staff may read it."""
        return without_secret(self.text, self.extra)

    def spoken(self) -> None:
        """It was said on the telephone within its own transaction: nothing is left to send."""
        self.status, self.receipt, self.ended_at = "done", "spoken", database_clock()


def without_secret(text: str, extra: dict[str, Any]) -> str:
    secret = extra.get("secret")
    return text.replace(secret, "•" * len(secret)) if secret else text


def sayable(text: str) -> str:
    """Without what no provider shows and some refuse: control characters, lone surrogates."""
    kept = (c for c in clean(text) if c in "\n\t" or unicodedata.category(c) != "Cc")
    return "".join(kept)


def say(
    session: Session,
    *,
    at: datetime,
    channel: str,
    recipient: str,
    text: str,
    choices: list[dict[str, str]] | None = None,
    account: str = "",
    audience: str = "customer",
    conversation_id: int | None = None,
    ticket_id: int | None = None,
    key: str | None = None,
    reply_to: int | None = None,
    weight: str = "answer",
    question: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
    not_before: datetime | None = None,
) -> OutboxMessage | None:
    """Queue one message in the caller's transaction; None when ``key`` was said before."""
    if key and session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        return None
    message = OutboxMessage(
        key=key, lane=f"{channel}:{account}:{recipient}", channel=channel, account=account, recipient=recipient,
        audience=audience, text=sayable(text), choices=choices or [], weight=weight, extra=extra or {},
        said_at=at, due_at=not_before or database_clock(), question=question,
        conversation_id=conversation_id, ticket_id=ticket_id, reply_to=reply_to,
    )  # fmt: skip
    session.add(message)
    return message
