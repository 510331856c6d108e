"""The printed poster, photographed, and followed to a seat; the second code, on site, to attendance: all on the real app.

The codes are read by zxing-cpp, which has nothing to do with what wrote them (segno).
"""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pypdf import PdfReader

from app.scan_links import ScanLinks
from core.messaging.inbox import InboxMessage
from core.staff.accounts import add_staff
from core.training.model import Enrolment, TrainingSession
from core.training.schedule import Plan, add_course, plan_session
from tests.channels.desk import Desk, running, until
from tests.channels.wechat.talk import Talk
from tests.console.conftest import CSRF, PASSWORD
from tests.providers.fixtures import telegram, wechat
from tests.providers.telegram import updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.wechat import payloads
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wechat.server import WeChatServer
from tests.training.codes import decoded, rotated

__all__ = ["telegram", "wechat"]
WU = 70001


def planned(desk: Desk) -> TrainingSession:
    """A session the day after tomorrow at 09:00, and a trainer who may see its poster."""
    house, at = desk.front.house, desk.front.house.clock.now()
    day = house.local(at) + timedelta(days=2)
    start = datetime(day.year, day.month, day.day, 9, tzinfo=house.zone)
    with house.database.session() as session:
        add_staff(session, name="孙老师", role="trainer", password=PASSWORD, at=at)
        course = add_course(session, title="教学屏使用", category="display", outline=None, at=at)
        plan = Plan(course.id, start, start + timedelta(minutes=150), 30, "三楼多媒体教室")
        training = plan_session(session, house, plan, at=at)
        session.commit()
        return training


def pictures(desk: Desk, training: TrainingSession) -> Callable[[str], bytes]:
    """Fetches pictures as the trainer's browser does."""
    browser = httpx.Client(base_url=desk.address, timeout=60, trust_env=False, follow_redirects=True)
    browser.get("/console/login")
    form = {"username": "孙老师", "password": PASSWORD, "csrftoken": browser.cookies.get(CSRF, "")}
    assert browser.post("/console/login", data=form).status_code == 200

    def fetch(name: str) -> bytes:
        answer = browser.get(f"/console/trainings/{training.code}/{name}")
        assert answer.status_code == 200, name
        return answer.content

    return fetch


def state(desk: Desk) -> list[tuple[str, str, str | None]]:
    return [(row.name, row.state, row.attended_via) for row in desk.rows(Enrolment)]


def to_the_morning(desk: Desk, training: TrainingSession) -> None:
    """08:45 of the day."""
    minutes = int((training.starts_at - desk.front.house.clock.now()) / timedelta(minutes=1)) - 15
    answer = desk.client.post("/try/clock", json={"advance": f"{minutes}m"})
    assert answer.status_code == 200
    desk.quiet()


@pytest.mark.parametrize("seen", [lambda picture: picture, rotated], ids=["straight", "askew"])
def test_by_telegram_from_the_poster_to_the_seat_and_in_the_room(
    sqlite_url: str, telegram: TelegramServer, seen: Callable[[bytes], bytes]
) -> None:
    with running(sqlite_url, public_url="https://front.example", **telegram.settings) as desk:
        until(lambda: telegram.state.webhook["url"])
        telegram.state.webhook["url"] = f"{desk.address}/webhooks/telegram"
        telegram.meet(WU)
        training = planned(desk)
        fetch = pictures(desk, training)

        def scans(name: str) -> str:
            link = urlsplit(decoded(seen(fetch(name))))
            assert (link.scheme, link.netloc, link.path) == ("https", "t.me", "/frontdoor_bot")
            return brings(updates.start(parse_qs(link.query)["start"][0], WU))

        def brings(update: dict[str, object]) -> str:
            assert telegram.deliver(update) == [200]
            desk.quiet()
            return telegram.texts(WU)[-1]

        assert "怎么称呼" in scans("poster.png")
        brings(updates.text("吴敏", WU))
        brings(updates.text("13800138001", WU))
        assert "报名成功" in brings(updates.text("第一中学", WU))
        assert state(desk) == [("吴敏", "registered", None)]
        assert "还没到签到时间" in scans("attendance.png")
        to_the_morning(desk, training)
        assert "签到成功" in scans("attendance.png")
        assert state(desk) == [("吴敏", "attended", "scan")]


def test_by_wechat_whose_event_brings_the_scene_that_was_printed(
    sqlite_url: str, wechat: WeChatServer
) -> None:
    with running(sqlite_url, **wechat.settings) as desk:
        wu = Talk(desk, WeChatSender(wechat, f"{desk.address}/webhooks/wechat"), wechat)
        training = planned(desk)
        fetch = pictures(desk, training)

        def scene(name: str) -> str:
            """WeChat looks up what its address stands for and tells us in the event."""
            address = decoded(fetch(name))
            ticket = next(t for t in wechat.scenes if address == f"http://weixin.qq.com/q/{t[:20]}")
            return wechat.scenes[ticket]

        assert "怎么称呼" in wu.does(payloads.subscribe(scene("poster.png")))
        wu.says("吴敏")
        wu.says("13800138001")
        assert "报名成功" in wu.says("第一中学")
        assert state(desk) == [("吴敏", "registered", None)]
        to_the_morning(desk, training)
        assert "签到成功" in wu.does(payloads.scan(scene("attendance.png?by=wechat")))
        assert state(desk) == [("吴敏", "attended", "scan")]
        assert len(wechat.scenes) == 2  # each was asked for once, however often it is shown


def test_an_account_without_the_right_to_such_codes_has_a_poster_with_the_typed_code(
    sqlite_url: str, wechat: WeChatServer
) -> None:
    with running(sqlite_url, **wechat.settings) as desk:
        wechat.fail(48001, on="qrcode/create", times=9)
        training = planned(desk)
        page = pictures(desk, training)("poster").decode()
        assert training.code in page and "poster.svg" not in page


def test_by_web_chat_where_the_house_has_nothing_else(sqlite_url: str) -> None:
    """The address printed is the public one; what stands behind it is what the browser sends (app/simulator/scanned.js)."""
    with running(sqlite_url, public_url="https://front.example/") as desk:
        training = planned(desk)
        fetch = pictures(desk, training)

        def scans(name: str) -> str:
            link = urlsplit(decoded(rotated(fetch(name))))
            assert (link.scheme, link.netloc, link.path) == ("https", "front.example", "/try")
            assert desk.client.get(link.path, params=link.query).status_code == 200
            return sends("", scene=parse_qs(link.query)["scene"][0])

        def sends(text: str, **more: str) -> str:
            body = {"visitor": "wu-browser-1", "id": f"{text}{more}{len(heard())}", "text": text, **more}
            assert desk.client.post("/webchat/messages", json=body).status_code == 202
            desk.quiet()
            return [m["text"] for m in heard() if m["direction"] == "out"][-1]

        def heard() -> list[dict[str, str]]:
            page = desk.client.get("/webchat/messages", params={"visitor": "wu-browser-1"}).json()
            return list(page["messages"])

        page = fetch("poster").decode()
        assert "扫码报名" in page and "FRONTDOOR_PUBLIC_URL" not in page
        pdf = PdfReader(io.BytesIO(fetch("poster.pdf"))).pages[0]
        assert decoded(pdf.images[0].data) == f"https://front.example/try?scene={training.poster_token}"
        assert "怎么称呼" in scans("poster.png")
        assert [m for m in heard() if m["direction"] == "in"] == []  # a scan has no words
        sends("吴敏")
        sends("13800138001")
        assert "报名成功" in sends("第一中学")
        assert "还没到签到时间" in scans("attendance.png")
        to_the_morning(desk, training)
        assert "签到成功" in scans("attendance.png")
        assert state(desk) == [("吴敏", "attended", "scan")]


def test_without_a_public_address_the_poster_says_what_to_set(sqlite_url: str) -> None:
    with running(sqlite_url) as desk:
        training = planned(desk)
        page = pictures(desk, training)("poster").decode()
        assert "FRONTDOOR_PUBLIC_URL" in page and "poster.svg" not in page and "扫码报名" not in page


def test_a_chat_app_that_is_on_comes_before_web_chat(sqlite_url: str, telegram: TelegramServer) -> None:
    with running(sqlite_url, public_url="https://front.example", **telegram.settings) as desk:
        links = ScanLinks(desk.front.settings)
        assert links.of("abc") == {"telegram": "https://t.me/frontdoor_bot?start=abc"}
        off = desk.front.settings.model_copy(update={"telegram_token": ""})
        assert ScanLinks(off).of("abc") == {"webchat": "https://front.example/try?scene=abc"}
        assert ScanLinks(off).of("") == {}


@pytest.mark.parametrize("scene", ["", "a b", "../x", "x" * 65])
def test_what_is_no_token_is_refused_at_the_door(sqlite_url: str, scene: str) -> None:
    with running(sqlite_url) as desk:
        body = {"visitor": "wu-browser-1", "id": "1", "text": "", "scene": scene}
        assert desk.client.post("/webchat/messages", json=body).status_code in (400, 422)
        assert desk.rows(InboxMessage) == []
