"""A step is taken once: repeated, late, early, at the same time, by another process, after kill -9."""

import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.settings import Settings
from app.web import create_app
from app.wiring import Frontdoor
from core.call.model import Call
from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from ivr import spoken_turn, turn_awaited
from tests.ivr.incoming.line import Caller
from tests.waiting import PATIENCE

Calls = Callable[..., Caller]
Tickets = Callable[[], list[dict[str, Any]]]
STATUS = "/webhooks/voice/status"


def rows(house: House, model: Any) -> list[Any]:
    with house.database.reading() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def say_danger(caller: Caller) -> str:
    return caller.say("洗衣机漏电了")


def test_the_same_step_twice_gives_the_same_document_and_no_second_effect(
    call: Calls, house: House, tickets: Tickets
) -> None:
    caller = call()
    first = caller.text
    caller.post("/webhooks/voice/incoming")
    assert caller.text == first and len(rows(house, Call)) == 1
    action = caller.action
    say_danger(caller)
    answer = caller.text
    for _ in range(3):
        caller.post(action, SpeechResult="洗衣机漏电了", Confidence="0.9")
        assert caller.text == answer
    assert len(tickets()) == 1 and len(rows(house, InboxMessage)) == 1


def test_steps_out_of_order_have_no_effect(call: Calls, house: House) -> None:
    caller = call()
    old = caller.action
    caller.press("1", "1")
    now, step = caller.text, rows(house, Call)[0].step
    for path in (
        old,
        "/webhooks/voice/step/0/gather",
        "/webhooks/voice/step/99/gather",
        "/webhooks/voice/step/1/dialled",
    ):
        caller.post(path, Digits="3")
        assert caller.text == now
    assert rows(house, Call)[0].step == step


def test_a_replay_of_a_finished_call_has_no_effect(call: Calls, house: House, tickets: Tickets) -> None:
    caller = call()
    action = caller.action
    caller.hang_up()
    before = rows(house, Call)[0].state
    for path in (
        action,
        "/webhooks/voice/incoming",
        "/webhooks/voice/step/1/wait",
        "/webhooks/voice/step/1/recorded",
    ):
        caller.post(
            path,
            SpeechResult="洗衣机漏电了",
            Confidence="0.9",
            RecordingSid="RE" + "1" * 32,
            RecordingDuration="5",
        )
        assert [verb.tag for verb in caller.document] in (["Hangup"], ["Leave"])
    assert tickets() == [] and rows(house, InboxMessage) == [] and rows(house, Call)[0].state == before


def test_an_unknown_call_recovers_to_the_main_menu(
    client: TestClient, front: Frontdoor, house: House
) -> None:
    caller = Caller(client, front)
    heard = caller.post("/webhooks/voice/step/7/gather", Digits="1")
    assert "刚才线路断了一下" in heard and "报修请按1" in heard
    caller.press("1")
    assert "什么电器" in caller.heard and len(rows(house, Call)) == 1


def test_the_same_step_at_the_same_time_is_taken_once(call: Calls, house: House, tickets: Tickets) -> None:
    caller = call()
    action, heard = caller.action, []
    gate = threading.Barrier(4)

    def deliver() -> None:
        gate.wait()
        heard.append(caller.raw(action, SpeechResult="洗衣机漏电了", Confidence="0.9").text)

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(heard)) == 1 and "Response" in heard[0]
    assert len(tickets()) == 1 and len(rows(house, InboxMessage)) == 1


def test_two_first_calls_of_one_number_at_once_are_two_calls_of_one_customer(
    client: TestClient, front: Frontdoor, house: House
) -> None:
    callers = [Caller(client, front) for _ in range(4)]
    gate = threading.Barrier(4)

    def dial(caller: Caller) -> None:
        gate.wait()
        caller.dial()

    threads = [threading.Thread(target=dial, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all("报修请按1" in caller.heard for caller in callers)
    assert len({row.identity_id for row in rows(house, Call)}) == 1
    assert len({row.conversation_id for row in rows(house, Call)}) == 4


def test_two_parallel_calls_of_one_customer_are_not_mixed_up(call: Calls, tickets: Tickets) -> None:
    one, two = call("+862886543210"), call("+862886543210")
    one.press("1", "1", "1")
    two.press("1", "1", "2")
    assert "空调是什么现象" in one.heard and "冰箱是什么现象" in two.heard
    one.say("不制冷")
    two.say("漏水")
    assert "室内机" in one.heard and "冷藏室" in two.heard
    assert "冷藏室" not in one.heard and "室内机" not in two.heard


def test_any_process_takes_the_next_step(
    call: Calls, database_url: str, tmp_path: Any, front: Frontdoor
) -> None:
    caller = call()
    caller.press("1")
    other = create_app(
        Settings(
            database_url=database_url, demo=True, secret_key=front.settings.secret, home=tmp_path / "other"
        )
    )
    caller.client = TestClient(other)
    caller.press("1")
    assert "空调请按1" in caller.heard
    other.state.front.house.database.close()


def test_the_turn_was_done_by_somebody_else_meanwhile(
    call: Calls, front: Frontdoor, house: House, monkeypatch: pytest.MonkeyPatch, tickets: Tickets
) -> None:
    """The process died after the dialogue's turn and before the answer: the provider's retry is answered from the rows."""
    caller = call()
    action = caller.action
    monkeypatch.setattr("ivr.exchange.turn_at_once", lambda *_: None)
    answered = turn_awaited._answered
    monkeypatch.setattr(
        turn_awaited, "_answered", lambda *a, **k: (_ for _ in ()).throw(SystemError("power"))
    )
    caller.raw(action, SpeechResult="洗衣机漏电了", Confidence="0.9")
    monkeypatch.setattr(turn_awaited, "_answered", answered)
    assert len(tickets()) == 1
    heard = caller.post(action, SpeechResult="洗衣机漏电了", Confidence="0.9")
    assert "不要再碰电器" in heard and len(tickets()) == 1


def test_something_happens_to_the_call_during_the_turn(
    call: Calls, house: House, monkeypatch: pytest.MonkeyPatch, tickets: Tickets
) -> None:
    """The turn of that moment is taken back whole, and taken once more on what the call is now."""
    caller, turn, turns = call(), spoken_turn.turn_within, []

    def slow(*given: Any, **more: Any) -> Any:
        found = turn(*given, **more)
        turns.append(found)
        given[0].execute(
            Call.__table__.update().values(changes=Call.changes + 1)
        )  # as if another process had written it
        return found

    monkeypatch.setattr(spoken_turn, "turn_within", slow)
    caller.say("洗衣机漏电了")
    assert len(turns) == 1 and "不要再碰电器" in caller.heard
    assert len(tickets()) == 1 and len(rows(house, InboxMessage)) == 1


def test_what_was_spoken_is_not_sent_again(call: Calls, house: House) -> None:
    caller = call()
    caller.say("空调不制冷")
    answers = [row for row in rows(house, OutboxMessage) if row.channel == "voice"]
    assert [(row.status, row.receipt) for row in answers] == [("done", "spoken")] and answers[0].ended_at


def test_the_dialogue_fails_and_a_person_is_found(
    call: Calls, front: Frontdoor, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_awaited, "MOST_WAIT", 0.2)
    monkeypatch.setattr(turn_awaited, "MOST_HOLDS", 2)
    monkeypatch.setattr("core.dialogue.turn.hear", lambda *_: 1 / 0)
    caller = call()
    caller.say("空调不制冷")
    assert "请稍等" in caller.heard and caller.verb("Redirect") is not None
    while "请稍等" in caller.heard or not caller.heard:
        caller.post(caller.action)
    assert "这一步没有办成" in caller.heard and "留言请按1" in caller.heard
    monkeypatch.undo()
    with house.database.session() as session:  # a worker takes the words that were left
        session.execute(InboxMessage.__table__.delete())
        session.commit()


def test_the_database_is_away(call: Calls, front: Frontdoor, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    caller = call()
    action = caller.action
    opened = front.house.database.session

    def away(**_: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(front.house.database, "session", away)
    caller.post(action, Digits="1")
    assert "请稍等" in caller.heard
    for _ in range(4):
        caller.post(caller.action)
    assert "系统暂时忙。留言请按1" in caller.heard
    caller.post(caller.action, Digits="1")
    assert caller.verb("Record") is not None
    assert caller.raw(STATUS, CallStatus="completed").status_code == 503  # not stored, not acknowledged
    monkeypatch.setattr(front.house.database, "session", opened)
    caller.post(action, Digits="1")
    assert "什么电器" in caller.heard


def test_a_slow_step_is_answered_in_time(call: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    caller, answered = call(), threading.Event()
    monkeypatch.setattr("ivr.webhooks._Door.patience", 0.2)
    monkeypatch.setattr("ivr.webhooks.take", lambda *_: answered.wait(PATIENCE) and "<Response/>")
    caller.press("1")
    answered.set()  # only now does the step end: it was not waited for
    assert "请稍等" in caller.heard


def test_the_fallback_needs_no_database(
    client: TestClient, front: Frontdoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front.house.database, "session", None)
    monkeypatch.setattr(front.house.database, "reading", None)
    caller = Caller(client, front)
    heard = caller.post("/webhooks/voice/fallback", ErrorCode="11200", ErrorUrl="http://testserver/x")
    assert "留言请按1" in heard
    caller.press("1")
    record = caller.verb("Record")
    assert record is not None
    caller.post(caller.action, RecordingSid="RE" + "1" * 32, RecordingDuration="4")
    assert "回电话" in caller.heard and caller.verb("Hangup") is not None
    monkeypatch.undo()


def test_status_out_of_order_twice_and_of_a_call_that_never_reached_us(
    client: TestClient, front: Frontdoor, call: Calls, house: House
) -> None:
    caller = call()
    for status in ("completed", "ringing", "in-progress", "completed", "nonsense", ""):
        assert caller.raw(STATUS, CallStatus=status, CallDuration="12").status_code == 204
    row = rows(house, Call)[0]
    assert (row.status, row.seconds, row.outcome) == ("completed", 12, "hung_up") and row.ended_at is not None
    missed = Caller(client, front, "+8613911112222")
    missed.raw(STATUS, CallStatus="ringing")
    missed.raw(STATUS, CallStatus="no-answer")
    missed.raw(STATUS, CallStatus="no-answer")
    assert [row.outcome for row in rows(house, Call)] == ["hung_up", "missed"]


def test_outcomes(call: Calls, house: House) -> None:
    for words, outcome in (
        ("我家美的空调不制冷了", "abandoned"),
        ("洗衣机漏电了", "alarm"),
        ("转人工", "person_wanted"),
    ):
        caller = call("anonymous")
        caller.say(words)
        caller.hang_up()
        assert rows(house, Call)[-1].outcome == outcome


def test_counting_calls(call: Calls, house: House) -> None:
    call().hang_up()
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Call)) == 1


def test_every_document_is_small_valid_and_clean(call: Calls, house: House) -> None:
    """Control characters, markup and 60,000 characters of a ticket's text reach the caller as harmless words."""
    from tests.ivr.incoming.test_status import a_ticket

    a_ticket(house, name="王\x08<芳>&\x01", description="x" * 60_000)
    caller = call()
    ET.fromstring(caller.text)
    assert "\x08" not in caller.text
    caller.press("2")
    assert len(caller.text.encode()) < 64 * 1024


def test_every_call_is_on_the_customers_file_also_one_that_was_missed(
    client: TestClient, front: Frontdoor, call: Calls, house: House
) -> None:
    from app.customer_file import customer_record
    from core.customer.model import Customer

    caller = call("+8613911112222")
    caller.say("空调不制冷")
    caller.hang_up()
    Caller(client, front, "+8613911112222").raw(STATUS, CallStatus="no-answer")
    with house.database.reading() as session:
        people = list(session.scalars(select(Customer)))
        record = customer_record(session, house, "+8613911112222", people)
    calls = [(c["outcome"], c["direction"]) for c in record["contacts"] if c["kind"] == "call"]
    assert calls == [("abandoned", "in"), ("missed", "in")]
    assert [c["kind"] for c in record["contacts"]] == ["call", "text", "text", "call"]
