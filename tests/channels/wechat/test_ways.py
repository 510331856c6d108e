"""What WeChat does not take goes the next way, and the ticket says which and why."""

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select

from core.customer.model import Conversation, Customer, Identity
from core.messaging.outbox import OutboxMessage
from core.ticket.model import Ticket
from tests.channels.desk import Desk
from tests.channels.wechat.talk import Talk, hops
from tests.edited import edit_policy
from tests.play import REPORT
from tests.providers.wechat import payloads
from tests.providers.wechat.server import WeChatServer

WANG = payloads.WANG


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


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_mere_answer_that_is_refused_reaches_who_waits_for_it(
    wang: Talk, desk: Desk, wechat: WeChatServer, elsewhere: bool
) -> None:
    """45047 on a reply: another program has used up the quota, and she is still there."""
    reported(wang, desk)
    if elsewhere:
        also_on_webchat(desk)
    wechat.fail(45047, on="message/custom/send")
    with patch("bot.wechat.webhook.PATIENCE", 0.0):
        wang.says("空调保修几年")
    webchat = desk.rows(OutboxMessage, OutboxMessage.channel == "webchat")
    calls = [row for row in desk.rows(OutboxMessage) if "请给用户打电话" in row.text]
    assert ["保修" in row.text for row in webchat] == ([True] if elsewhere else [])
    assert ["+8613800138000" in row.text and "保修" in row.text for row in calls] == (
        [] if elsewhere else [True]
    )


def test_nobody_is_sent_to_call_a_stranger(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wechat.fail(45047, on="message/custom/send")
    with patch("bot.wechat.webhook.PATIENCE", 0.0):
        wang.says("空调保修几年")
    (row,) = desk.rows(OutboxMessage)
    assert (row.status, row.weight) == ("dead", "answer") and "45047" in row.error
    assert desk.rows(Identity)[0].dead_at is None


def test_a_result_that_cannot_be_answered_is_on_the_ticket(
    wang: Talk, desk: Desk, wechat: WeChatServer
) -> None:
    """45047 on the very reply that says the ticket number: somebody calls, and the ticket knows why."""
    lines = [line[2:] for line in REPORT.strip().splitlines() if line.startswith("客：")]
    for words in lines[:-1]:
        wang.says(words)
    wechat.fail(45047, on="message/custom/send")
    with patch("bot.wechat.webhook.PATIENCE", 0.0):
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
    edit_policy(desk.front.house, "wechat_notice", **{"kind": "template", "url": "", **notice})
