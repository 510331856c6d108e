"""The texts on a WeCom group's page: what became of each, why it did not come there, and what staff may do about it."""

from datetime import timedelta
from typing import Any

import pytest
from markupsafe import escape

from console.desk.notes import note_text
from console.wording import labels
from core.groups.confirm import BY_HAND, expect, key_of, known, remember
from core.groups.confirmed import Outcome, came_of
from core.groups.model import QaGroup
from core.groups.post import post
from core.groups.read_back import look_at
from core.house import House
from core.knowledge.book import shipped_wording
from core.messaging.outbox import OutboxMessage, say
from core.promise.model import Promise
from core.ticket.model import Ticket, TimelineEntry
from tests.console.conftest import Desk
from tests.console.test_groups import group as group
from tests.console.test_groups import opened

TEXT = "先清洗滤网"
WHY = [key.removeprefix("qa_unsent.") for key in shipped_wording()["zh"] if key.startswith("qa_unsent.")]


@pytest.fixture
def text(house: House, group: int) -> int:
    """One that the owner was asked to send."""
    opened(house, group)
    with house.database.session() as session:
        said = post(session, house, group, TEXT, quote=None)
        assert said is not None
        session.flush()
        said.status, said.receipt, said.ended_at = "done", "msg1", house.clock.now()
        expect(session, house, said, msgid="msg1", owner="ZhaoJingLi", at=house.clock.now())
        session.commit()
        return said.id


def found(house: House, text: int, outcome: Outcome, look: int = 1) -> None:
    came_of(house, {"of": text, "look": look}, outcome)


def test_waiting_then_sent_with_its_time(desk: Desk, house: House, group: int, text: int) -> None:
    page = desk.get(f"/groups/{group}").text
    assert "等群主在群发助手里点“发送”" in page and "还没有发" not in page
    found(house, text, Outcome("waiting"))
    if known(desk.row(OutboxMessage, OutboxMessage.id == text))["told"]:  # in office hours
        page = desk.get(f"/groups/{group}").text
        assert "已再提醒群主" in page and "还没有发" in page
    sent = house.clock.now() - timedelta(minutes=7)
    found(house, text, Outcome("sent", at=sent))
    page = desk.get(f"/groups/{group}").text
    assert f"群主已发送，{house.local(sent):%m-%d %H:%M} 到群里" in page
    assert 'value="pasted"' not in page and 'value="post_again"' not in page
    assert "已经在群里" in desk.post(f"/groups/{group}/do", verb="pasted", text=str(text)).text


@pytest.mark.parametrize("why", WHY)
def test_each_reason_comes_with_what_to_do(desk: Desk, house: House, group: int, text: int, why: str) -> None:
    found(house, text, Outcome("failed", why=why))
    for language in ("zh", "en"):
        desk.client.cookies.set("language", language)
        page = desk.get(f"/groups/{group}").text
        assert escape(house.book.label("qa_unsent", why, language)) in page
        assert escape(labels()[language][f"groups.text.do.{why}"]) in page


def test_the_reason_on_the_timeline_is_in_words(house: House) -> None:
    entry = TimelineEntry(verb="group_unsent", note="PX4821 空调 · 答疑群 · limit")
    note = note_text(house, entry, Ticket(), {})
    assert note.startswith(
        "PX4821 空调 · 答疑群 · 这个群收到的群发已到上限。请复制到群里。"
    )  # with what to do


def test_pasted_by_hand(desk: Desk, house: House, group: int, text: int) -> None:
    assert "不再提醒" in desk.post(f"/groups/{group}/do", verb="pasted", text=str(text)).text
    row = desk.row(OutboxMessage, OutboxMessage.id == text)
    assert (known(row)["state"], known(row)["by"]) == ("pasted", "trainer")
    assert desk.row(Promise, Promise.key == key_of(text)).status == "cancelled"
    assert "trainer 已发到群里" in desk.get(f"/groups/{group}").text
    found(house, text, Outcome("waiting"))  # a look that was on its way
    assert known(desk.row(OutboxMessage, OutboxMessage.id == text))["state"] == "pasted"


def test_asked_again_once_and_only_where_the_group_is_open(
    desk: Desk, house: House, group: int, text: int
) -> None:
    assert 'value="post_again"' not in desk.get(f"/groups/{group}").text  # it is still waited for
    assert "已经在群里" in desk.post(f"/groups/{group}/do", verb="post_again", text=str(text)).text
    found(house, text, Outcome("failed", why="owner_changed"))
    assert 'value="post_again"' in desk.get(f"/groups/{group}").text
    assert "已再请" in desk.post(f"/groups/{group}/do", verb="post_again", text=str(text)).text
    newest = desk.row(OutboxMessage, OutboxMessage.text == TEXT)
    assert newest.id != text and newest.status == "pending"
    assert "已经在群里" in desk.post(f"/groups/{group}/do", verb="post_again", text=str(text)).text
    with house.database.session() as session:
        remember(session.get_one(OutboxMessage, newest.id), state=BY_HAND, why="limit")
        session.get_one(QaGroup, group).state = "lost"
        session.commit()
    assert 'value="post_again"' not in desk.get(f"/groups/{group}").text
    assert "没有开放" in desk.post(f"/groups/{group}/do", verb="post_again", text=str(newest.id)).text


def test_no_text_of_another_group_and_nothing_that_is_no_text(
    desk: Desk, house: House, group: int, text: int
) -> None:
    with house.database.session() as session:
        row = session.get_one(OutboxMessage, text)
        row.extra = {**row.extra, "group": group + 1}
        session.commit()
    for number in (str(text), "999", "x", ""):
        assert "已经在群里" in desk.post(f"/groups/{group}/do", verb="pasted", text=number).text
    assert known(desk.row(OutboxMessage, OutboxMessage.id == text))["state"] == "waiting"
    desk.enter("auditor")
    assert desk.post(f"/groups/{group}/do", verb="pasted", text=str(text)).status_code == 403


def test_what_wecom_says_no_to_is_shown_with_the_text(
    desk: Desk, house: House, group: int, text: int
) -> None:
    look: dict[str, Any] = {"channel": "wecom_group", "recipient": look_at("wr1", "msg1"), "text": ""}
    with house.database.session() as session:
        stuck = say(session, at=house.clock.now(), **look)
        assert stuck is not None
        stuck.error = "Later: wecom 48002 api forbidden"
        session.commit()
    page = desk.get(f"/groups/{group}").text
    assert "48002 api forbidden" in page and "可调用应用" in page
