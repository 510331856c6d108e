"""王女士 over WeChat in safe mode: the first issue's stories through the real app and the local WeChat."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from core.customer.model import Conversation, Customer, Identity
from core.media.model import Media
from core.messaging.audit import audit
from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.ticket.actions import Order, act
from core.ticket.model import Ticket, TimelineEntry
from tests.channels.desk import Desk, running, until
from tests.play import REPORT
from tests.providers.envelope import Fields
from tests.providers.wechat import payloads
from tests.providers.wechat.people import Media as Upload
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wechat.server import WeChatServer

WANG = payloads.WANG
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 64 + b"\xff\xd9"


class Talk:
    """One user of the account: what they send, and what their phone shows."""

    def __init__(self, desk: Desk, sender: WeChatSender, server: WeChatServer, openid: str = WANG) -> None:
        self.desk, self.sender, self.server, self.openid = desk, sender, server, openid

    def does(self, message: Fields) -> str:
        """Returns everything that is shown afterwards."""
        before = len(self.server.texts(self.openid))
        assert self.sender.send(message).ok
        self.desk.quiet()
        return "\n".join(self.server.texts(self.openid)[before:])

    def says(self, words: str) -> str:
        return self.does(payloads.text(words, openid=self.openid))

    def play(self, transcript: str) -> None:
        answer = ""
        for line in filter(None, (raw.strip() for raw in transcript.splitlines())):
            speaker, _, words = line.partition("：")
            if speaker == "客":
                answer = self.says(words)
            for piece in filter(None, (p.strip() for p in words.split("…") if speaker == "答")):
                assert piece in answer, f"expected {piece!r} in\n{answer}"

    def passes(self, span: str) -> None:
        assert self.desk.client.post("/try/clock", json={"advance": span}).status_code == 200
        self.desk.quiet()

    def staff(self, verb: str, number: str, **order: Any) -> None:
        house = self.desk.front.house
        with house.database.session() as session:
            act(session, house, Order(number, verb, by="李工", at=house.clock.now(), **order))
            session.commit()
        self.desk.quiet()

    def conserved(self) -> None:
        with self.desk.front.house.database.reading() as session:
            report = audit(session, now=self.desk.front.house.clock.now())
        assert report["ok"], report["violations"]


@pytest.fixture
def wang(desk: Desk, sender: WeChatSender, wechat: WeChatServer) -> Talk:
    house = desk.front.house
    with house.database.session() as session:
        for name, role in (("李工", "technician"), ("赵经理", "manager")):
            session.add(Staff(name=name, role=role, on_duty=False, created_at=house.clock.now()))
        session.add(Staff(name="周客服", role="agent", on_duty=True, created_at=house.clock.now()))
        session.commit()
    return Talk(desk, sender, wechat)


def hops(desk: Desk) -> list[str]:
    return [str(entry.note) for entry in desk.rows(TimelineEntry, TimelineEntry.verb == "hop")]


def test_a_repair_from_the_first_word_to_the_rating(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wang.play(REPORT)
    (ticket,) = desk.rows(Ticket)
    assert {shown.how for shown in wechat.shown} == {"passive"} and ticket.opened_via == "wechat"
    wang.staff("done", ticket.number)
    wang.passes("48h")
    asked = wechat.shown[-1]
    assert asked.how == "service" and "打分" in asked.text
    five = next(line for line in asked.content["list"] if line["content"].startswith("5"))
    answer = wang.does(payloads.menu_answer(five["id"], five["content"]))
    assert "谢谢您的 5 分" in answer
    assert desk.rows(Ticket)[0].rating == 5
    again = wang.does(payloads.menu_answer(five["id"], five["content"]))
    assert "已经选过" in again and desk.rows(Ticket)[0].state == "closed"
    wang.conserved()


@pytest.mark.parametrize("one", ["1", "１", "一", "第一个", "1.", "①", "选1", " 1 "])
def test_many_ways_to_say_one(wechat: WeChatServer, sqlite_url: str, one: str) -> None:
    with running(sqlite_url, **wechat.settings) as desk:
        wang = Talk(desk, WeChatSender(wechat, f"{desk.address}/webhooks/wechat"), wechat)
        wang.says("我家美的空调不制冷了")
        wang.says(one)
        assert desk.rows(InboxMessage)[-1].outcome == "help"
        question = desk.rows(Conversation)[0].state["question"]
        assert question is None or question["kind"] != "help"


def test_a_bare_digit_belongs_to_the_question_until_it_is_too_old(wang: Talk, desk: Desk) -> None:
    wang.says("我家美的空调不制冷了")
    wang.passes("80h")
    wang.says("1")
    assert desk.rows(InboxMessage)[-1].outcome != "help"


def test_somebody_elses_button_does_nothing(wang: Talk, desk: Desk, sender: WeChatSender) -> None:
    wang.says("我家美的空调不制冷了")
    (row,) = desk.rows(OutboxMessage)
    other = Talk(desk, sender, wang.server, openid="oOther")
    answer = other.does(payloads.menu_answer(f"{row.id}:1", "1 解决了", openid="oOther"))
    assert "不能用" in answer and desk.rows(OutboxMessage)[0].pressed_at is None
    for number in (999999, 2**31, 10**17):
        assert "不能用" in wang.does(payloads.menu_answer(f"{number}:1", "1 解决了"))
    assert "不能用" in wang.does(payloads.menu_answer(f"{row.id}:9", "9 什么"))


def test_three_deliveries_at_once_of_two_hundred_messages(
    desk: Desk, sender: WeChatSender, wechat: WeChatServer
) -> None:
    messages = [payloads.text(f"你好 {n}", openid=f"o{n % 40:03}") for n in range(200)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda message: sender.send(message, at_once=True), messages))
    assert all(each.status == 200 for delivered in done for each in delivered.tries)
    assert not any(delivered.broken for delivered in done)
    desk.quiet()
    heard, said = desk.rows(InboxMessage), desk.rows(OutboxMessage)
    assert len(heard) == 200 == len({row.external_id for row in heard})
    assert sorted(row.reply_to for row in said) == sorted(row.id for row in heard)
    assert {row.status for row in (*heard, *said)} == {"done"}
    assert len(wechat.shown) == 200 and len(desk.rows(Customer)) == 40


# --- events


def test_following_by_a_code(wang: Talk, desk: Desk) -> None:
    assert "报修" in wang.does(payloads.subscribe("t0ken"))
    wang.does(payloads.scan("t0ken2"))
    kinds = [(row.kind, row.payload.get("scene"), row.outcome) for row in desk.rows(InboxMessage)]
    assert [kind[:2] for kind in kinds] == [("follow", "t0ken"), ("scan", "t0ken2")]


def test_leaving_in_the_middle_and_coming_back(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wang.says("我家美的空调不制冷了")
    assert wang.does(payloads.unsubscribe()) == ""
    assert desk.rows(Identity)[0].dead_at is not None
    wang.does(payloads.subscribe())
    assert desk.rows(Identity)[0].dead_at is None
    assert "登记报修" in wang.says("直接报修")
    wang.conserved()


@pytest.mark.parametrize(
    ("item", "piece"),
    [
        ("repair", "故障"),
        ("progress", "没有"),
        ("complain", "投诉"),
        ("fees", "哪种"),
        ("training", "培训"),
        ("person", "人工"),
        ("from_an_old_menu", "1 "),
    ],
)
def test_a_menu_button(wechat: WeChatServer, sqlite_url: str, item: str, piece: str) -> None:
    with running(sqlite_url, **wechat.settings) as desk:
        wang = Talk(desk, WeChatSender(wechat, f"{desk.address}/webhooks/wechat"), wechat)
        assert wang.does(payloads.click(item))
        assert desk.rows(InboxMessage)[0].outcome == "menu"


def test_a_menu_button_speaks_the_customers_language(wang: Talk) -> None:
    wang.says("My air conditioner does not cool")
    answer = wang.does(payloads.click("progress"))
    assert answer and not re.search(r"[\u4e00-\u9fff]", answer)


def test_a_menu_button_does_not_throw_a_report_away(wang: Talk, desk: Desk) -> None:
    wang.says("我家美的空调不制冷了")
    wang.says("直接报修")
    asked = desk.rows(Conversation)[0].state
    for item in ("repair", "progress", "fees"):
        assert wang.does(payloads.click(item))
        now = desk.rows(Conversation)[0].state
        assert (now["form"], now["slots"]) == (asked["form"], asked["slots"]), item
        assert now["question"]["slot"] == asked["question"]["slot"], item


# --- files


def media(desk: Desk) -> Media:
    until(lambda: all(row.status not in WAITING for row in desk.rows(Media)) and desk.rows(Media))
    return desk.rows(Media)[-1]


def test_files_are_fetched_at_once_by_their_id(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wechat.media["m1"] = Upload(JPEG)
    assert "已收到" in wang.does(payloads.image("m1"))
    row = media(desk)
    assert (row.status, row.kind, row.mime, row.size) == ("done", "image", "image/jpeg", len(JPEG))
    assert desk.front.media.open(row.path).read_bytes() == JPEG
    assert wechat.called("media/get") == [{"media_id": "m1"}]


@pytest.mark.parametrize("recognition", [None, ""])
def test_voice_without_words_is_kept_and_asked_about(
    wang: Talk, desk: Desk, wechat: WeChatServer, recognition: str | None
) -> None:
    wechat.media["v1"] = Upload(b"#!AMR\n" + b"\x00" * 50, "audio/amr")
    answer = wang.does(payloads.voice("v1", recognition=recognition, format="speex"))
    assert "文字" in answer and "0 转人工" in answer
    assert media(desk).mime == "audio/amr"


def test_recognised_voice_is_a_hint(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wechat.media["v1"] = Upload(b"#!AMR\n" + b"\x00" * 50, "audio/amr")
    answer = wang.does(payloads.voice("v1", recognition="我家美的空调不制冷了"))
    assert "我听到的是：“我家美的空调不制冷了”" in answer and "第 1 步" in answer
    assert media(desk).status == "done"


def test_a_file_that_is_gone_is_told_and_holds_up_nothing(
    wang: Talk, desk: Desk, wechat: WeChatServer
) -> None:
    wang.does(payloads.image("expired"))  # 40007 as JSON with HTTP 200
    row = media(desk)
    assert row.status == "dead" and "40007" in row.error and row.attempt == 1
    assert "报修" in wang.says("你好")
    assert desk.rows(Identity)[0].dead_at is None


def test_a_video_that_is_an_address(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wechat.media["v"] = Upload(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40, "video/mp4", as_url=True)
    wang.does(payloads.video("v"))
    assert media(desk).status == "done" and media(desk).mime == "video/mp4"


def test_short_video_and_place(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wechat.media["v"] = Upload(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40, "video/mp4")
    assert wang.does(payloads.video("v", short=True))
    assert wang.does(payloads.location(30.657, 104.066, "锦江区"))
    assert wang.does(payloads.location(0, 0))
    place = desk.rows(InboxMessage)[1].payload
    assert (place["latitude"], place["longitude"], place["datum"]) == (30.657, 104.066, "gcj02")


# --- the next way


def reported(wang: Talk, desk: Desk) -> Ticket:
    wang.play(REPORT)
    return desk.rows(Ticket)[0]  # type: ignore[no-any-return]


def also_on_webchat(desk: Desk, visitor: str = "visitor-0001") -> None:
    """The same person is known on the web page too, and spoke there before."""
    house = desk.front.house
    with house.database.session() as session:
        customer = session.scalars(select(Customer)).one()
        at = house.clock.now()
        identity = Identity(
            channel="webchat", account="", external_id=visitor, created_at=at, customer=customer
        )
        lane = f"webchat::{visitor}"
        session.add(
            Conversation(
                lane=lane, identity=identity, created_at=at, state={}, last_heard_at=customer.created_at
            )
        )
        session.commit()


FAILURES: dict[str, Callable[[Talk], object]] = {
    "45015": lambda wang: wang.server.fail(45015, on="message/custom/send"),
    "45047": lambda wang: wang.server.fail(45047, on="message/custom/send"),
    "43004": lambda wang: wang.does(payloads.unsubscribe()) and None,
    "40003": lambda wang: wang.server.fail(40003, on="message/custom/send"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_the_survey_goes_to_the_other_chat(wang: Talk, desk: Desk, failure: str) -> None:
    ticket = reported(wang, desk)
    also_on_webchat(desk)
    FAILURES[failure](wang)
    wang.staff("done", ticket.number)
    wang.passes("48h")
    asked = [
        row for row in desk.rows(OutboxMessage, OutboxMessage.channel == "webchat") if "打分" in row.text
    ]
    assert len(asked) == 1 and asked[0].status == "done"
    if failure != "43004":  # who has left is not even tried
        assert any(note.startswith(f"wechat → webchat: {failure}") for note in hops(desk))
    wang.conserved()


@pytest.mark.parametrize("failure", ["45015", "45047", "40003"])
def test_without_another_chat_the_desk_calls(wang: Talk, desk: Desk, failure: str) -> None:
    ticket = reported(wang, desk)
    FAILURES[failure](wang)
    wang.staff("done", ticket.number)
    wang.passes("48h")
    calls = [row.text for row in desk.rows(OutboxMessage, OutboxMessage.audience == "staff")]
    assert any("请给用户打电话" in text and failure in text and ticket.number in text for text in calls)
    assert any(note.startswith(f"wechat → call: {failure}") for note in hops(desk))
    wang.conserved()


def test_a_result_that_cannot_be_answered_is_on_the_ticket(
    wang: Talk, desk: Desk, wechat: WeChatServer
) -> None:
    """45047 on the very reply that says the ticket number: somebody calls, and the ticket knows why."""
    import unittest.mock

    lines = [line[2:] for line in REPORT.strip().splitlines() if line.startswith("客：")]
    for words in lines[:-1]:
        wang.says(words)
    wechat.fail(45047, on="message/custom/send")
    with unittest.mock.patch("bot.wechat.webhook.PATIENCE", 0.0):
        wang.says(lines[-1])
    assert any(note.startswith("wechat → call: 45047") for note in hops(desk))


def test_a_notice_is_sent_where_the_conversation_is_over(
    wang: Talk, desk: Desk, wechat: WeChatServer
) -> None:
    policy(
        desk,
        template_id="T1",
        fields={"thing1": "{device}", "character_string2": "{number}", "thing3": "{text}"},
    )
    wechat.templates["T1"] = {"thing1", "character_string2", "thing3"}
    ticket = reported(wang, desk)
    wechat.fail(45015, on="message/custom/send")
    wang.staff("done", ticket.number)
    wang.passes("48h")
    notice = [shown for shown in wechat.shown if shown.how == "template"][-1]
    assert notice.content["character_string2"]["value"] == ticket.number
    assert "空调" in notice.content["thing1"]["value"] and len(notice.content["thing3"]["value"]) <= 20
    assert any(note.startswith("wechat → wechat notice: ") for note in hops(desk))
    asked = desk.rows(OutboxMessage, OutboxMessage.receipt.startswith("template:"))[-1]
    # WeChat took it, and says later that the user does not want such notices.
    also_on_webchat(desk)
    msgid = int(asked.receipt.removeprefix("template:"))
    wang.does(payloads.template_finished(msgid, "failed:user block"))
    assert any(note == "wechat → webchat: failed:user block" for note in hops(desk))
    assert desk.rows(OutboxMessage, OutboxMessage.key == f"hop:{asked.id}")[0].status == "done"
    wang.does(payloads.template_finished(msgid, "success"))
    wang.does(payloads.template_finished(1234567, "failed: system failed"))
    wang.conserved()


def test_a_notice_that_is_refused_goes_on(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    policy(desk, template_id="unknown", fields={"thing1": "{device}"})
    ticket = reported(wang, desk)
    wechat.fail(45015, on="message/custom/send")
    wang.staff("done", ticket.number)
    wang.passes("48h")
    assert any(re.match(r"wechat → call: 45015 .*; notice: 40037", note) for note in hops(desk))


def test_a_subscription_notice_needs_a_consent(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    policy(desk, kind="subscription", template_id="S1", fields={"thing1": "{device}"})
    wechat.templates["S1"] = {"thing1"}
    wang.does(payloads.consent("S1"))
    ticket = reported(wang, desk)
    wechat.fail(45015, on="message/custom/send")
    wang.staff("done", ticket.number)
    wang.passes("48h")
    assert [shown.how for shown in wechat.shown if shown.how == "notice"] == ["notice"]
    assert len(desk.rows(OutboxMessage, OutboxMessage.receipt.startswith("subscription:"))) == 1
    assert any("notice: 43101" in note for note in hops(desk))  # the next one had no consent any more


def policy(desk: Desk, **notice: Any) -> None:
    from core.service.model import Policy

    house = desk.front.house
    with house.database.session() as session:
        row = session.scalars(select(Policy).where(Policy.name == "wechat_notice")).first()
        value = {"kind": "template", "url": "", **notice}
        if row is None:
            session.add(Policy(name="wechat_notice", value=value))
        else:
            row.value = value
        session.commit()
    house.book._version = -2  # read again now, not in two seconds
    house.book._checked = 0.0
