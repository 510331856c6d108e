"""王女士 over WeChat in safe mode: the first issue's stories through the real app and the local WeChat."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.customer.model import Conversation, Customer, Identity
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.ticket.model import Ticket
from tests.channels.desk import Desk, running
from tests.channels.wechat.talk import Talk
from tests.play import REPORT
from tests.providers.wechat import payloads
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wechat.server import WeChatServer

WANG = payloads.WANG


def test_a_repair_from_the_first_word_to_the_rating(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wang.play(REPORT)
    (ticket,) = desk.rows(Ticket)
    words = {shown.how for shown in wechat.shown if shown.kind == "text"}  # pictures follow by themselves
    assert words == {"passive"} and ticket.opened_via == "wechat"
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
    row = desk.rows(OutboxMessage)[0]
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
