"""Arrivals of any kind in a story: what a channel's payload would have become."""

import itertools
from typing import Any

from core.messaging.inbox import Inbound, receive
from tests.play import Story, shown

_keys = itertools.count(1)


def arrives(story: Story, who: str, channel: str, kind: str = "text", **parts: Any) -> str:
    """Any arrival, answered; returns the answer, choices included."""
    before = len(story.recorders[channel].sent)
    inbound = Inbound(channel, "", f"k{next(_keys)}", who, kind=kind, **parts)
    with story.house.database.session() as session:
        receive(session, inbound, at=story.house.clock.now())
        session.commit()
    story.work()
    place = inbound.conversation or who
    return "\n".join(shown(m) for m in story.recorders[channel].sent[before:] if m.recipient == place)
