"""Where an outbox row goes: ``700001`` is a private chat, ``-100123/700001`` a person in a group."""

from dataclasses import dataclass

from core.messaging.channel import Never


@dataclass(frozen=True)
class Address:
    """``chat`` is Telegram's number: negative for groups."""

    chat: int
    private: bool


def address_of(recipient: str) -> Address:
    """``chat`` or ``chat/person`` (in a group) as outbox rows hold it. Never for anything else."""
    chat, _, person = recipient.partition("/")
    try:
        return Address(int(chat), private=not person and int(chat) > 0)
    except ValueError:
        raise Never(f"not a Telegram chat: {recipient[:40]}") from None
