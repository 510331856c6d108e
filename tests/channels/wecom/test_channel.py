"""Sending to WeCom with the real client, against a server that answers as WeCom does."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.wecom import channel as wecom_channel
from bot.wecom.api import WeComApi
from bot.wecom.card import card
from bot.wecom.channel import WeComChannel
from bot.wecom.robot import WeComRobot
from core.database import Database
from core.messaging.channel import Later, Never, Outgoing
from core.messaging.credential import Credential, Credentials
from core.messaging.outbox import OutboxMessage, say
from core.messaging.pace import Pace
from tests.conftest import MONDAY_MORNING
from tests.providers import tencent
from tests.providers.wecom import events
from tests.providers.wecom.server import WeComServer

LI = events.LI
ANSWERS = (("1", "接单"), ("2", "转上级"), ("3", "30分钟后"))
PUSH = {"push": "filed:1", "to": "李工"}


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def channel(wecom: WeComServer, database: Database) -> WeComChannel:
    wecom.hire(LI, events.ZHAO)
    return channel_on(wecom, database)


def channel_on(wecom: WeComServer, database: Database) -> WeComChannel:
    return WeComChannel(api_on(wecom, database), Pace(database, **wecom_channel.PACE))


def api_on(wecom: WeComServer, database: Database) -> WeComApi:
    return WeComApi(
        corp_id=wecom.corp_id,
        agent_id=str(wecom.agent_id),
        secret=wecom.secret,
        url=wecom.url,
        credentials=Credentials(database),
    )


def out(text: str = "您好", to: str = LI, **more: Any) -> Outgoing:
    return Outgoing(key="k1", recipient=to, text=text, id=7, audience="staff", **more)


def test_a_text(channel: WeComChannel, wecom: WeComServer) -> None:
    assert channel.send(out()).startswith("msg-")
    assert wecom.texts(LI) == ["您好"]


def test_a_push_becomes_a_card_with_buttons(channel: WeComChannel, wecom: WeComServer) -> None:
    receipt = channel.send(
        out("【紧急】2611220001 冒烟｜洗衣机冒烟了｜王芳 138｜请联系", choices=ANSWERS, extra=PUSH)
    )
    (sent,) = wecom.called("message/send")
    shown = sent["template_card"]
    assert (
        shown["card_type"] == "button_interaction"
        and shown["main_title"]["title"] == "【紧急】2611220001 冒烟"
    )
    assert shown["sub_title_text"] == "洗衣机冒烟了\n王芳 138\n请联系"
    assert [(b["key"], b["text"]) for b in shown["button_list"]] == list(ANSWERS)
    assert sent["enable_duplicate_check"] == 1 and sent["duplicate_check_interval"] == 1800
    task, code = receipt.split()
    assert task == shown["task_id"] and wecom.codes[code].task_id == task


def test_a_card_is_changed_once(channel: WeComChannel, wecom: WeComServer) -> None:
    receipt = channel.send(out("t", choices=ANSWERS, extra=PUSH))
    edit = {"edit": receipt, "label": "李工已接单"}
    assert channel.send(out("t\n\n✔ 李工已接单", extra=edit)) == "changed"
    assert wecom.cards[receipt.split()[0]].state == {LI: "李工已接单"}
    wecom.violations.clear()
    # The code is spent, or 72 hours are over: no news to anybody, and no dead letter.
    assert channel.send(out("t\n\n✔ x", extra=edit)) == "not changed"
    assert channel.send(out("t\n\n✔ x", extra={"edit": "fd-1-00000000"})) == "not changeable"
    late = channel.send(out("t", choices=ANSWERS, extra=PUSH))
    wecom.advance(72 * 3600 + 1)
    assert channel.send(out("t\n\n✔ x", extra={"edit": late})) == "not changed"
    wecom.violations.clear()


def test_each_sending_is_a_card_of_its_own(channel: WeComChannel, wecom: WeComServer) -> None:
    """The first answer was lost; WeCom would refuse the same task id."""
    wecom.fail(tencent.dropped(effect=True), on="message/send", times=1)
    with pytest.raises(Later):
        channel.send(out("t", choices=ANSWERS, extra=PUSH))
    channel.send(out("t", choices=ANSWERS, extra=PUSH))
    assert len(wecom.cards) == 2 and all(task.startswith("fd-7-") for task in wecom.cards)


def test_ok_and_nobody_told(channel: WeComChannel, wecom: WeComServer) -> None:
    wecom.hire("WuZheng", licensed=False)
    for who, why in (("WuZheng", "unlicenseduser: WuZheng"), ("Nobody", "81013")):
        with pytest.raises(Never, match=why) as never:
            channel.send(out(to=who))
        assert never.value.lost is False  # an administrator can put it right without them
    wecom.fail(tencent.Trouble({"errcode": 0, "errmsg": "ok", "invaliduser": LI}), on="message/send", times=1)
    with pytest.raises(Never, match=f"invaliduser: {LI}"):
        channel.send(out())


@pytest.mark.parametrize("code", [-1, 45009, 60020, 301002, 45033, 48002])
def test_what_passes_waits(channel: WeComChannel, wecom: WeComServer, code: int) -> None:
    wecom.fail(code, on="message/send", times=1)
    with pytest.raises(Later) as later:
        channel.send(out())
    assert later.value.delay and str(code) in str(later.value)
    assert channel.send(out())


@pytest.mark.parametrize("code", [40058, 45002, 44004, 60111, 81013])
def test_what_does_not_pass_is_given_up(channel: WeComChannel, wecom: WeComServer, code: int) -> None:
    wecom.fail(code, on="message/send", times=1)
    with pytest.raises(Never, match=str(code)) as never:
        channel.send(out())
    assert never.value.lost is False


def test_a_number_nobody_knows_is_tried_again(channel: WeComChannel, wecom: WeComServer) -> None:
    wecom.fail(987654, on="message/send", times=1)
    with pytest.raises(Later, match="987654") as later:
        channel.send(out())
    assert later.value.delay is None


@pytest.mark.parametrize(
    "trouble", [tencent.server_error(), tencent.dropped(), tencent.Trouble("<html>", status=200)], ids=str
)
def test_no_answer_waits(channel: WeComChannel, wecom: WeComServer, trouble: Any) -> None:
    channel.send(out())
    wecom.fail(trouble, on="message/send", times=1)
    with pytest.raises(Later):
        channel.send(out())


def test_a_stale_token_is_renewed_once_and_no_storm(channel: WeComChannel, wecom: WeComServer) -> None:
    channel.send(out())
    wecom.tokens.expire()
    channel.send(out("again"))
    assert wecom.texts(LI) == ["您好", "again"] and len(wecom.called("gettoken")) == 2
    wecom.fail(42001, on="message/send")
    before = len(wecom.calls)
    with pytest.raises(Later):
        channel.send(out())
    assert len(wecom.calls) - before <= 4  # two tries and at most two tokens, whatever it answers


def test_the_token_is_shared_by_all_processes(
    channel: WeComChannel, wecom: WeComServer, database: Database
) -> None:
    other = channel_on(wecom, database)
    for one in (channel, other, channel, other):
        one.send(out())
    assert len(wecom.called("gettoken")) == 1


def test_a_wrong_secret_waits_for_the_administrator(wecom: WeComServer, database: Database) -> None:
    wecom.fail(40001, on="gettoken", times=1)
    with pytest.raises(Later, match="40001"):
        channel_on(wecom, database).send(out())


def test_secrets_are_in_no_error_and_in_no_log(
    channel: WeComChannel, wecom: WeComServer, database: Database, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    robot = WeComRobot(key="local-robot-key", url=wecom.url, pace=Pace(database, most=18, seconds=60))
    channel.send(out())
    robot.send(out())
    errors: list[str] = []
    wecom.close()
    for sender in (channel, robot):
        with pytest.raises(Later) as later:
            sender.send(out())
        errors += [repr(later.value), repr(later.value.__cause__)]
        assert later.value.__suppress_context__
    with database.reading() as session:
        token = session.query(Credential).one().value
    written = capsys.readouterr()
    logs = [r.getMessage() for r in caplog.records if r.name.split(".")[0] != "urllib3"]
    loud = [r.getMessage() for r in caplog.records if r.levelno >= logging.INFO]
    for secret in (wecom.secret, token, "local-robot-key"):
        assert secret not in "".join([*errors, *logs, *loud, written.out, written.err])


def test_long_texts_leave_in_pieces_at_sentence_ends(channel: WeComChannel, wecom: WeComServer) -> None:
    text = "这是一句很长的话，说明工单的情况😀。" * 100
    channel.send(out(text))
    pieces = wecom.texts(LI)
    assert len(pieces) > 1 and "".join(pieces) == text
    assert all(len(piece.encode()) <= 2048 and piece.endswith("。") for piece in pieces)


def test_what_a_card_is_too_small_for_is_sent_before_it(channel: WeComChannel, wecom: WeComServer) -> None:
    text = "【新工单】2611220001｜" + "客户说了很多。" * 30 + "｜王芳 +8613800138000｜请联系"
    receipt = channel.send(out(text, choices=ANSWERS, extra=PUSH))
    assert wecom.texts(LI)[0] == text and [shown.kind for shown in wecom.shown] == ["text", "template_card"]
    assert "王芳 +8613800138000" in wecom.texts(LI)[1] and receipt.split()[0] in wecom.cards


def test_a_long_push_keeps_who_and_where(channel: WeComChannel, wecom: WeComServer) -> None:
    parts = [
        "【紧急】2611220001 冒烟起火 洗衣机",
        "很长的描述" * 60,
        "王芳 +8613800138000 成都市武侯区天府大道1号",
        "请立即联系客户",
    ]
    shown = card(out("｜".join(parts), choices=ANSWERS))
    assert len(shown["sub_title_text"]) <= 160 and shown["main_title"]["title"] == parts[0]
    assert parts[2] in shown["sub_title_text"] and parts[3] in shown["sub_title_text"]
    for odd in ("x" * 500, "｜".join("abc" for _ in range(300)), "｜", "😀" * 200, "a\n\nb"):
        shown = card(out(odd, choices=ANSWERS))
        assert len(shown.get("sub_title_text", "")) <= 160 and len(shown["main_title"]["title"]) <= 36


def test_the_same_push_again_is_shown_once_and_an_answer_as_often_as_asked(
    channel: WeComChannel, wecom: WeComServer
) -> None:
    pushed = out("【催办】", extra={**PUSH, "clock": "11-23 10:00"})
    for _ in range(2):
        channel.send(pushed)
    channel.send(out("【催办】", extra={**PUSH, "clock": "11-23 10:20"}))
    assert wecom.texts(LI) == ["【催办】\n11-23 10:00", "【催办】\n11-23 10:20"]
    for _ in range(2):
        channel.send(out("帮助"))
    assert wecom.texts(LI)[2:] == ["帮助", "帮助"]


def test_more_than_thirty_a_minute_would_be_dropped_without_a_word(
    channel: WeComChannel, wecom: WeComServer, database: Database
) -> None:
    from datetime import UTC, datetime

    with database.session() as session:
        for number in range(26):
            row = say(session, at=MONDAY_MORNING, channel="wecom", recipient=LI, text=f"{number}")
            assert row is not None
            row.status, row.ended_at = "done", datetime.now(UTC)
        session.flush()
        last = session.query(OutboxMessage).order_by(OutboxMessage.id.desc()).first()
        session.commit()
        assert last is not None
    with pytest.raises(Later) as later:
        channel.send(Outgoing(key="k", recipient=LI, text="x", id=last.id + 1))
    assert 0 < (later.value.delay or 0) <= 60
    assert channel.send(
        Outgoing(key="k", recipient=events.ZHAO, text="x", id=last.id + 1)
    )  # others are not held up


def test_the_robot(wecom: WeComServer, database: Database) -> None:
    robot = WeComRobot(key="local-robot-key", url=wecom.url, pace=Pace(database, most=18, seconds=60))
    robot.send(out("【紧急】2611220001", to="group"))
    robot.send(out("长" * 2000 + "。", to="group"))
    assert wecom.texts("local-robot-key")[0] == "【紧急】2611220001" and len(wecom.shown) == 2
    wecom.fail(45009, on="webhook/send", times=1)
    with pytest.raises(Later) as later:
        robot.send(out(to="group"))
    assert later.value.delay == 20
    wrong = WeComRobot(key="wrong-key", url=wecom.url, pace=Pace(database, most=18, seconds=60))
    with pytest.raises(Never, match="93000") as never:
        wrong.send(out(to="group"))
    assert "wrong-key" not in str(never.value)


def test_chinese_is_sent_as_chinese(channel: WeComChannel, wecom: WeComServer) -> None:
    channel.send(out("中文😀"))
    assert (
        wecom.violations == []
        and json.dumps(wecom.called("message/send")[0], ensure_ascii=False).count("中文😀") == 1
    )
