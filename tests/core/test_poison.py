"""A message that kills its worker every time ends as a dead letter, and a person is told."""

from sqlalchemy import select, update

from core.messaging.inbox import InboxMessage
from core.messaging.moment import database_clock
from tests.play import Story


def test_a_message_that_kills_its_worker_is_set_aside(story: Story) -> None:
    row_id = story.arrive("王女士", "你好")
    with story.house.database.session() as session:
        # Twenty claims whose workers died: counted at claim, and nobody was left to say why.
        died = update(InboxMessage).where(InboxMessage.id == row_id)
        session.execute(died.values(attempt=20, status="leased", owner="dead", due_at=database_clock(-1)))
        session.commit()
    story.work()
    with story.house.database.reading() as session:
        row = session.scalars(select(InboxMessage).where(InboxMessage.id == row_id)).one()
        assert row.status == "dead" and "died" in (row.error or "")
    assert "没有处理成功" in story.heard() and any("处理失败" in push for push in story.pushes())
    story.conserved()
