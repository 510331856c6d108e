"""A browser that waits is called when there is something to read, and not a moment before."""

from unittest.mock import patch

from app.settings import Settings
from app.wiring import build
from core.messaging.lease import claim
from core.messaging.outbox import OutboxMessage, say


def test_the_bell_rings_when_the_message_can_be_read(database_url: str) -> None:
    front = build(Settings(database_url=database_url))
    with front.house.database.session() as session:
        say(session, at=front.house.clock.now(), channel="webchat", recipient="visitor-0001", text="好了")
        session.commit()
        (row,) = claim(session, OutboxMessage, owner="test", limit=1, seconds=60)
        session.commit()
    found: list[str] = []

    def looks() -> None:
        with front.house.database.reading() as session:
            found.append(session.get_one(OutboxMessage, row.id).status)

    with patch.object(front.webchat, "ring", looks):
        front._send(row)
    front.stop()
    front.house.database.close()
    assert found == ["done"]
