"""A call by jambonz between two processes, and one that is taken up again: its state is a row, whoever asks next."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.web import create_app
from app.wiring import Frontdoor
from tests.ivr.jambonz.caller import JambonzCaller


@pytest.fixture
def other(app: FastAPI, front: Frontdoor) -> Iterator[TestClient]:
    """Another web process of the same house."""
    second = create_app(front.settings)
    yield TestClient(second)
    second.state.front.house.database.close()


def test_any_process_takes_the_next_step(
    call: Callable[..., JambonzCaller], client: Any, other: TestClient
) -> None:
    caller = call()
    for place, key in enumerate(("4", "1", "*", "*", "3")):
        caller.client = other if place % 2 else client
        caller.press(key)
    assert "送货包装请按3" in "".join(caller.heard)


def test_a_step_of_a_call_we_never_heard_of_recovers_to_the_menu(client: Any) -> None:
    caller = JambonzCaller(client)
    caller.doing = {"verb": "gather", "actionHook": "/webhooks/jambonz/step/5/gather"}
    assert "报修请按1" in caller.press("1")


def test_a_report_left_unfinished_is_gone_on_with(
    call: Callable[..., JambonzCaller], tickets: Callable[[], list[dict[str, Any]]]
) -> None:
    caller = call()
    caller.say("我家海尔的冰箱漏水，去年五月买的")
    caller.say("直接报修")
    caller.hang_up()
    again = call()
    assert "继续上次的报修请按1" in "".join(again.heard)
    assert "怎么称呼您" in again.press("1")
    again.say("我叫王芳")
    again.say("成都市武侯区天府大道1号")
    again.press("1")
    assert [ticket["symptom"] for ticket in tickets()] == ["water_leak"]
