"""Which of a session's groups a trainee belongs to: the one where they chat already. Pure."""

from collections.abc import Sequence

# A trainee's chat → the group that can be joined from there.
NEAREST = {"telegram": "telegram", "wecom": "wecom", "wechat": "wecom", "webchat": "web"}
ANYWHERE = "web"  # a page opens in every browser


def group_channel(chats: Sequence[str], on: Sequence[str]) -> str:
    """``chats`` are a trainee's, the one heard last first; ``on`` the channels that have groups."""
    near = (NEAREST[chat] for chat in chats if chat in NEAREST)
    return next((channel for channel in near if channel in on), ANYWHERE)


def channels_on(policy: Sequence[str], ways: Sequence[str]) -> list[str]:
    """Channels of the policy that are set up in this house. The page needs no provider."""
    return [channel for channel in policy if channel == ANYWHERE or channel in ways]
