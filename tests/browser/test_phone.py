"""The telephone in /try, by hand: keys, keyboard, speech, the other side, the log, hanging up by leaving."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from starlette.routing import Route

from app.settings import Settings
from app.web import create_app
from tests.ivr.softphone.conftest import TOKEN, Switchboard
from tests.serving import serving
from tests.waiting import until

pytestmark = pytest.mark.browser
B = "/webhooks/voice"
SPEECH = 'input="dtmf speech" language="cmn-Hans-CN"'
LONG = "请说哪件电器出了什么问题，说完请稍等，我们马上为您登记，请您不要挂机"


@pytest.fixture
def board() -> Iterator[Switchboard]:
    """What answers instead of the menus: every key leads to something that the page must be able to show."""
    menu = f'<Gather {SPEECH} numDigits="1" timeout="60" action="{B}/menu"><Say>报修请按1</Say></Gather>'
    told = Switchboard(
        {f"{B}/incoming": f"<Say>您好</Say>{menu}", f"{B}/status": "", f"{B}/after": "<Say>再见</Say>"}
    )
    keys = {
        "1": f'<Gather {SPEECH} timeout="60" action="{B}/fault"><Say>{LONG}</Say></Gather>',
        "2": f'<Record timeout="60" action="{B}/after"/>',
        "0": f'<Dial timeout="60" action="{B}/after">+8613900000001</Dial>',
    }
    told.documents[f"{B}/menu"] = lambda fields: keys.get(fields.get("Digits", ""), "<Say>没有这个选项</Say>")
    told.documents[f"{B}/fault"] = lambda fields: (
        f'<Say>您说{fields["SpeechResult"]}</Say><Pause length="60"/>'
    )
    yield told
    assert told.seen and all(seen.genuine for seen in told.seen)


@pytest.fixture
def url(tmp_path: Any, sqlite_url: str, board: Switchboard) -> Iterator[str]:
    settings = {"home": tmp_path, "database_url": sqlite_url, "nlu_url": "off", "twilio_auth_token": TOKEN}
    made = create_app(Settings(demo=True, **settings))
    made.router.routes.insert(0, Route(B + "/{path:path}", board.answer, methods=["POST"]))
    with serving(made, timeout_graceful_shutdown=0) as address:
        yield address


def open_phone(page: Page, url: str) -> None:
    page.add_init_script(
        # What stands in the button that was pressed changes with it, however late the answer comes.
        "window.moved = 0; const stays = (node) => node?.closest?.('#phone') && !node.parentElement.closest('#call');"
        "new PerformanceObserver((list) => list.getEntries().forEach((entry) => {"
        "if (!entry.hadRecentInput && entry.sources.some((s) => stays(s.node))) window.moved += entry.value;"
        "})).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(f"{url}/try")
    page.click("#to-phone")
    expect(page.locator("#call-text")).to_have_text("拨打")


def test_a_call_by_key_keyboard_and_word(page: Page, url: str, board: Switchboard) -> None:
    open_phone(page, url)
    page.fill("#caller", "+8613911112222")
    page.click("#call")
    expect(page.locator("#line-log")).to_contain_text("报修请按1")
    expect(page.locator("#line-text")).to_have_text("请按键或说话")
    page.keyboard.press("1")
    expect(page.locator("#line-log")).to_contain_text(LONG)
    expect(page.locator("#line-text")).to_have_text("正在播放，可以按键")
    page.fill("#words", "空调不制冷")
    page.press("#words", "Enter")
    expect(page.locator("#line-log")).to_contain_text("您说空调不制冷")
    assert board.asked(f"{B}/incoming")[0]["From"] == "+8613911112222"
    assert board.asked(f"{B}/fault")[0]["SpeechResult"] == "空调不制冷"

    log = page.locator("#calls")
    expect(log).to_contain_text("POST /webhooks/voice/menu Digits=1")
    log.locator("summary").nth(1).click()
    expect(log.locator("details[open] pre")).to_contain_text("<Gather")
    page.click("#call")
    expect(page.locator("#line-log")).to_contain_text("您挂断了")
    expect(page.locator("#call-text")).to_have_text("再打一次")
    assert page.evaluate("window.moved") == 0, "nothing on the telephone moves by itself"


def test_digits_in_the_box_are_words_and_keys_of_an_idle_phone_are_nothing(
    page: Page, url: str, board: Switchboard
) -> None:
    open_phone(page, url)
    page.keyboard.press("5")
    page.click("#call")
    expect(page.locator("#line-text")).to_have_text("请按键或说话")
    page.locator("#words").press_sequentially("138")
    assert board.asked(f"{B}/menu") == []
    page.press("#words", "Enter")
    expect(page.locator("#line-log")).to_contain_text("没有这个选项")
    assert board.asked(f"{B}/menu")[0]["SpeechResult"] == "138"


def test_the_other_side(page: Page, url: str, board: Switchboard) -> None:
    open_phone(page, url)
    page.click("#call")
    expect(page.locator("#line-text")).to_have_text("请按键或说话")
    page.locator('.key[data-key="0"]').click()
    expect(page.locator("#line-text")).to_have_text("正在呼叫 +8613900000001")
    page.get_by_role("button", name="对方接听").click()
    expect(page.locator("#line-text")).to_have_text("正在和人通话")
    page.get_by_role("button", name="对方挂断").click()
    expect(page.locator("#line-log")).to_contain_text("再见")
    assert board.asked(f"{B}/after")[0]["DialCallStatus"] == "completed"


def test_a_message_and_leaving_the_page_hangs_up(page: Page, url: str, board: Switchboard) -> None:
    open_phone(page, url)
    page.check("#anonymous")
    page.click("#call")
    expect(page.locator("#line-text")).to_have_text("请按键或说话")
    assert board.asked(f"{B}/incoming")[0]["From"] == "anonymous"
    page.keyboard.press("2")
    expect(page.locator("#line-text")).to_have_text("正在录音，请说话")
    page.fill("#words", "空调坏了")
    page.press("#words", "Enter")
    expect(page.locator("#line-log .in .bubble").last).to_have_text("空调坏了")
    page.goto("about:blank")
    until(lambda: board.asked(f"{B}/after") and board.asked(f"{B}/status"))
    assert board.asked(f"{B}/after")[0]["Digits"] == "hangup"
    assert board.asked(f"{B}/status")[0]["CallStatus"] == "completed"


def test_a_server_that_goes_away_is_told_and_the_page_lives(page: Page, url: str, board: Switchboard) -> None:
    open_phone(page, url)
    page.click("#call")
    expect(page.locator("#line-text")).to_have_text("请按键或说话")
    page.route("**/try/phone", lambda route: route.abort())
    page.keyboard.press("1")
    expect(page.locator("#line-text")).to_contain_text("电话断了")
    page.unroute("**/try/phone")
    page.click("#call")
    expect(page.locator("#line-text")).to_have_text("请按键或说话")


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844), (900, 700), (1280, 720), (1600, 950)])
def test_everything_fits(page: Page, url: str, board: Switchboard, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{url}/try")
    if width < 1440:
        page.click("#to-phone")
    page.click("#call")
    expect(page.locator("#line-text")).to_have_text("请按键或说话")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    for node in ("#call", "#words", '.key[data-key="#"]', "#others button", "#line-log .msg:last-child"):
        expect(page.locator(node)).to_be_in_viewport(ratio=0.9)
    small = page.evaluate(
        "[...document.querySelectorAll('#phone button')].filter((b) => b.offsetParent && b.offsetHeight < 22).length"
    )
    assert small == 0
