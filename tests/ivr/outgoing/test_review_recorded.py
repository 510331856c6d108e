"""What is said after the five scores, where the recogniser cannot write it down: a recording, a silence, an alarm."""

import pytest

from core.media.model import Media
from core.ticket.model import Ticket
from tests.ivr.outgoing.conftest import Desk, Rung
from tests.ivr.outgoing.school import WU, reviews, teaches


@pytest.fixture
def rings(desk: Desk) -> tuple[Desk, Rung]:
    """The lesson is over, and her telephone rings."""
    teaches(desk.house, ("吴敏", WU))
    desk.until(placed=1)
    assert [call["to"] for call in desk.provider.calls] == [WU]
    return desk, Rung(desk)


def recorded(desk: Desk) -> list[tuple[str, int | None]]:
    files = {media.id: media.provider_id for media in desk.rows(Media)}
    return [(files[review.recording_id], review.id) for review in reviews(desk) if review.recording_id]


@pytest.mark.parametrize("how", ["1", "听不清的话"])
def test_words_are_recorded_where_they_cannot_be_written_down(rings: tuple[Desk, Rung], how: str) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.press(*"55555")
    heard = rung.press("1") if how == "1" else rung.say(how, confidence="0.1")
    assert "请在提示音后说" in heard and rung.verb("Record") is not None
    action, sid = rung.action, "RE" + "a" * 32
    assert "谢谢您的评价" in rung.record(sid=sid) and rung.verb("Hangup") is not None
    values = {"RecordingSid": sid, "RecordingStatus": "completed", "RecordingDuration": "7"}
    for _ in range(2):
        assert rung.raw("/webhooks/voice/recording/review", **values).status_code == 204
    rung.post(action, RecordingSid=sid, RecordingDuration="7", RecordingUrl="https://x/")
    rung.hangs_up()
    assert recorded(desk) == [(sid, 1)] and len(desk.rows(Media)) == 1
    assert reviews(desk)[0].words is None and desk.rows(Ticket) == []
    assert desk.orders()[0].outcome == "reviewed"


def test_an_empty_recording_ends_without_a_promise_to_call(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.press(*"55555", "1")
    for _ in range(3):
        rung.record(seconds="0")
    assert rung.verb("Hangup") is not None and desk.rows(Ticket) == [] and recorded(desk) == []


def test_danger_told_at_the_end_is_an_alarm(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.press(*"55555")
    rung.say("教室的插座冒烟了，有人触电")
    assert [ticket.severity for ticket in desk.rows(Ticket)] == ["urgent"]
