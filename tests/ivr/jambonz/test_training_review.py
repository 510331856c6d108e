"""The training questionnaire by jambonz: keys, the recogniser's doubt, and words on a tape of ours."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.wiring import Frontdoor
from core.call.model import Call
from core.messaging.delivery import send_one
from core.messaging.lease import claim
from core.messaging.outbox import OutboxMessage
from core.training.model import SCORES, TrainingReview
from scheduler.clock import sweep_due
from tests.ivr.jambonz.caller import LOUD, JambonzCaller
from tests.ivr.jambonz.test_placing import SID, Api, made
from tests.ivr.outgoing.school import WU, teaches


def test_a_training_questionnaire_in_verbs(front: Frontdoor, client: Any) -> None:
    """Scores by key, a wrong one, words by the recogniser's doubt on tape, a repeated webhook, a hang-up."""
    house = front.house
    front.channels["voice"].placer = Api(create=[made()]).placer()  # type: ignore[attr-defined]
    teaches(house, ("吴敏", WU))
    for hours in (3, 1):  # until it is over, and until she is asked
        house.clock.move_to(house.clock.now() + timedelta(hours=hours))  # type: ignore[attr-defined]
        sweep_due(house)
    with house.database.session() as session:
        rows = claim(session, OutboxMessage, owner="test", limit=20, seconds=60)
        session.commit()
    for row in rows:
        if row.channel == "voice":
            send_one(house, front.channels, row)
    caller = JambonzCaller(client, WU)
    caller.sid = SID
    assert "吴敏您好" in caller.rung("/webhooks/jambonz/outbound/1") and "组织安排" in caller.heard[-1]
    hook = caller.doing["actionHook"]
    assert "培训过程" in caller.press("5")
    caller.repeat(hook, reason="dtmfDetected", digits="1")
    assert "培训过程" in caller.press("7")
    assert "培训过程" in caller.silence()
    for key in "4345":
        caller.press(key)
    assert "请在提示音后说" in caller.say("嗡嗡嗡", confidence=0.1)
    assert "谢谢您的评价" in caller.record(LOUD, LOUD) and caller.over
    caller.told_at("/webhooks/jambonz/outbound/1/status", "completed")
    with house.database.reading() as session:
        review, call = session.scalars(select(TrainingReview)).one(), session.scalars(select(Call)).one()
        assert [getattr(review, name) for name in SCORES] == [5, 4, 3, 4, 5]
        assert (call.outcome, review.asked_via, review.recording_id) == ("reviewed", "voice", 1)
