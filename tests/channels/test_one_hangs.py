"""A provider that hangs has slots of its own to hang in: what leaves by another way does not wait for it."""

import threading
from collections import Counter

from app.settings import Settings
from app.wiring import build
from core.messaging.channel import Outgoing
from core.messaging.outbox import OutboxMessage, say
from tests.channels.desk import until

MORE_THAN_SLOTS = 40


class Way:
    """Takes what it is given, after ``gate`` has opened."""

    def __init__(self, gate: threading.Event) -> None:
        self.gate, self.tried, self.taken = gate, 0, Counter[str]()

    def send(self, message: Outgoing) -> str:
        self.tried += 1
        self.gate.wait(60)
        self.taken[message.text] += 1
        return message.key


def test_a_provider_that_hangs_holds_up_nobody_else(database_url: str) -> None:
    front = build(Settings(database_url=database_url))
    shut, open_ = threading.Event(), threading.Event()
    open_.set()
    hangs, works, ours = Way(shut), Way(open_), Way(open_)
    front.channels = {"telegram": hangs, "wecom": works, "webchat": ours}  # type: ignore[dict-item]
    with front.house.database.session() as session:
        for n in range(MORE_THAN_SLOTS):
            say(session, at=front.house.clock.now(), channel="telegram", recipient=f"t{n}", text=f"t{n}")
        for n in range(MORE_THAN_SLOTS):
            for channel in ("wecom", "webchat"):
                say(session, at=front.house.clock.now(), channel=channel, recipient=f"c{n}", text=f"c{n}")
        session.commit()
    pumps = [pump for pump in front.pumps() if pump._model is OutboxMessage]
    for pump in pumps:
        pump.start()
    front.outbox_bell.ring()
    try:
        until(lambda: len(works.taken) == len(ours.taken) == MORE_THAN_SLOTS)
        assert 0 < hangs.tried < MORE_THAN_SLOTS and not hangs.taken
        shut.set()
        until(lambda: len(hangs.taken) == MORE_THAN_SLOTS)
    finally:
        shut.set()
        for pump in pumps:
            pump.stop()
        front.stop()
        front.house.database.close()
    assert {*hangs.taken.values(), *works.taken.values(), *ours.taken.values()} == {1}
