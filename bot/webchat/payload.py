"""Web chat payloads: reading one is a pure function."""

from pydantic import BaseModel, Field, field_validator

from core.messaging.inbox import Inbound


class WebchatMessage(BaseModel):
    """What the browser sends. ``visitor`` is an unguessable id that only that browser knows.

    ``scene`` is the token of a code that was scanned to come here; then there are no words.
    """

    visitor: str = Field(min_length=8, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")
    id: str = Field(min_length=1, max_length=128)
    text: str = Field(max_length=20_000)
    name: str | None = Field(default=None, max_length=64)
    scene: str | None = Field(default=None, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")

    @field_validator("name")
    @classmethod
    def _blank_is_none(cls, value: str | None) -> str | None:
        return (value or "").strip() or None


def to_inbound(message: WebchatMessage) -> Inbound:
    """The same client id from the same visitor is the same message, however often it is sent."""
    return Inbound(
        channel="webchat",
        account="",
        external_id=f"{message.visitor}:{message.id}",
        sender=message.visitor,
        name=message.name,
        text="" if message.scene else message.text,
        kind="scan" if message.scene else "text",
        payload={"scene": message.scene} if message.scene else {},
    )
