"""三位客户, the same fault: 赵经理 gets one alert, decides, and each of the three is told once."""

from datetime import timedelta

from core.quality.history import hour_of
from core.quality.incident import find_incident
from core.quality.model import FaultWatch
from core.quality.telling import tell_customers
from core.quality.watch import look
from tests.play import REPORT, Story

THREE = ("王女士", "张先生", "刘奶奶")


def test_three_customers_one_fault(story: Story) -> None:
    hour = hour_of(story.house.clock.now())
    with story.house.database.session() as session:  # weeks without this fault lie behind
        weeks = hour - timedelta(weeks=9)
        session.add(FaultWatch(id=1, first_at=weeks, counted_to=hour - timedelta(hours=1)))
        session.commit()
    for who in THREE:
        story.play(REPORT, who=who)
        look(story.house)
    look(story.house)
    story.work()
    alerts = [push for push in story.pushes() if "群发故障" in push]
    assert len(alerts) == 1 and alerts[0].startswith("赵经理") and "3 位客户" in alerts[0]
    with story.house.database.session() as session:
        incident = find_incident(session, 1)
        tell_customers(session, story.house, incident, by="赵经理", at=story.house.clock.now())
        session.commit()
    story.passes("1m")
    for who in THREE:
        said = [m.text for m in story.recorders["webchat"].sent if m.recipient == who]
        assert sum("多位用户同样遇到" in text for text in said) == 1
    assert len(story.tickets()) == 3
    story.conserved()
