"""The telephone in /try rings: seen and answered with the keypad, declined, and its log beside it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_phone import open_phone
from tests.ivr.outgoing.test_calls import DONE
from tests.ivr.softphone.test_ringing import Held, held, served

__all__ = ["held", "served"]
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def rings(page: Page, held: Held, served: str) -> Page:
    """The page is open with her number when the survey is due."""
    held.ticket(*DONE)
    open_phone(page, served)
    expect(page.locator("html")).to_have_class(re.compile(r"\bknown\b"))
    held.until(placed=1)
    expect(page.locator("#line-text")).to_have_text("来电：服务回访")
    return page


def test_it_is_picked_up_and_answered(rings: Page, held: Held) -> None:
    expect(rings.locator("#notices")).to_contain_text("电话响了")
    expect(rings.locator("#call-text")).to_have_text("接听")
    rings.click("#call")
    expect(rings.locator("#line-log")).to_contain_text("请按1到5")
    rings.click('.key[data-key="5"]')
    expect(rings.locator("#line-log")).to_contain_text("谢谢您的评价")
    expect(rings.locator("#calls")).to_contain_text("/webhooks/voice/outbound/")
    rings.click("#call")
    expect(rings.locator("#line-log")).to_contain_text("您挂断了")
    assert held.orders()[0].outcome == "rated"


def test_it_is_declined(rings: Page, held: Held) -> None:
    rings.click("#others button:has-text('拒接')")
    expect(rings.locator("#line-log")).to_contain_text("您拒接了来电")
    expect(rings.locator("#line-text")).to_have_text("通话结束")
    expect(rings.locator("#call-text")).to_have_text("再打一次")
    assert held.orders()[0].outcome == "busy"
