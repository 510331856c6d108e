"""The invitation link, at a provider that makes it later than it was ordered."""

from datetime import timedelta

from sqlalchemy import select

from core.groups.end import close_group
from core.groups.link import link_made
from core.groups.model import QaGroup
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from tests.groups.conftest import Class

LATE = "https://t.me/+late"


def test_a_link_made_after_the_end_is_taken_back(lesson: Class) -> None:
    number, at = lesson.opens(), lesson.now
    with lesson.house.database.session() as session:
        group = session.get_one(QaGroup, number)
        close_group(session, lesson.house, group, reason="end_date", at=at)
        link_made(session, lesson.house, group, LATE, at + timedelta(days=7), at=at)
        session.commit()
    with lesson.house.database.reading() as session:
        last = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
        assert last is not None and (last.extra["do"], last.extra["link"]) == ("unlink", LATE)
        assert session.get_one(QaGroup, number).invite_link is None
        assert not session.scalars(select(Promise).where(Promise.kind == "group_link")).all()
