"""kill -9 around the question to a group's owner: he is asked once, whatever step was the last."""

from pathlib import Path

import pytest
from sqlalchemy import select

from core.groups.confirm import known
from core.groups.model import QaGroup
from core.groups.post import post
from core.messaging.audit import audit
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage
from tests.channels.desk import running, until
from tests.channels.wecom.lesson import SUN, Class
from tests.providers.wecom.server import WeComServer
from tests.server import Server

TEXT = "滤网每两周清洗一次。"


def environment(wecom: WeComServer, **more: str) -> dict[str, str]:
    return {f"FRONTDOOR_{name.upper()}": value for name, value in (wecom.settings | more).items()}


@pytest.mark.parametrize(
    ("moment", "asked"),
    [
        ("broadcast.asking", 0),  # written down, and WeCom was not called any more
        ("broadcast.asked", 1),  # WeCom has it, and its number is lost
    ],
)
def test_killed_around_the_question_to_the_owner(
    tmp_path: Path, sqlite_url: str, wecom: WeComServer, moment: str, asked: int
) -> None:
    with running(sqlite_url, **wecom.settings) as desk:
        Class(desk, wecom).opens()
    dying = Server(tmp_path, **environment(wecom, test_kill_at=moment)).start()
    house = desk.front.house
    with house.database.session() as session:
        group = session.scalars(select(QaGroup)).one()
        post(session, house, group.id, TEXT, quote=None, key="a1")
        session.commit()
    until(lambda: dying.process is not None and dying.process.poll() is not None)
    assert len(wecom.mass_messages) == asked
    survivor = Server(tmp_path, **environment(wecom)).start()
    try:
        until(lambda: not desk.rows(OutboxMessage, OutboxMessage.status.in_(WAITING)))
        (row,) = desk.rows(OutboxMessage, OutboxMessage.key == "a1")
        with house.database.reading() as session:
            report = audit(session, now=house.clock.now())
    finally:
        survivor.stop()
        house.database.close()
    (message,) = wecom.mass_messages
    assert (known(row)["state"], known(row)["msgid"], row.receipt) == (
        "waiting",
        message.msgid,
        message.msgid,
    )
    assert len([words for words in wecom.texts(SUN) if TEXT in words]) == 1
    assert report["ok"], report["violations"]
