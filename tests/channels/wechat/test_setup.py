"""What an operator sets up: settings, the menu, the check; and files that are not what they should be."""

import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from app.settings import BadSettings, Settings, load
from bot.wechat.channel import WeChatChannel
from bot.wechat.check import check
from bot.wechat.menu import BadMenu, wanted
from bot.wechat.webhook import QUIET
from core.dialogue.arrivals.hear import ARRIVALS
from core.dialogue.arrivals.hear import QUIET as UNANSWERED
from core.knowledge.book import Book, shipped_wording
from core.messaging.channel import Later, Never
from core.messaging.finding import Finding
from tests.engines import new_sqlite
from tests.providers import tencent
from tests.providers.http import Answer, HttpServer, Request
from tests.providers.wechat.people import Media
from tests.providers.wechat.server import WeChatServer
from tests.server import Server

MOST = 1024 * 1024


# --- settings


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, wechat: WeChatServer) -> pytest.MonkeyPatch:
    for name, value in wechat.settings.items():
        monkeypatch.setenv(f"FRONTDOOR_{name.upper()}", value)
    return monkeypatch


def complaint(environment: pytest.MonkeyPatch, name: str, value: str) -> str:
    environment.setenv(name, value)
    with pytest.raises(BadSettings) as caught:
        load()
    return str(caught.value)


def test_right_settings_are_taken(environment: pytest.MonkeyPatch) -> None:
    assert load().wechat_token


@pytest.mark.parametrize("name", ["TOKEN", "AES_KEY", "APP_ID", "APP_SECRET"])
@pytest.mark.parametrize("empty", ["", " "])
def test_a_missing_setting_is_named_at_start(environment: pytest.MonkeyPatch, name: str, empty: str) -> None:
    assert f"FRONTDOOR_WECHAT_{name}" in complaint(environment, f"FRONTDOOR_WECHAT_{name}", empty)


@pytest.mark.parametrize("key", ["x" * 42, "x" * 44, "x" * 42 + "!", "空" * 43])
def test_the_key_has_43_characters(environment: pytest.MonkeyPatch, key: str) -> None:
    told = complaint(environment, "FRONTDOOR_WECHAT_AES_KEY", key)
    assert "FRONTDOOR_WECHAT_AES_KEY" in told and "43" in told and key not in told


def test_without_a_key_plain_must_be_said(environment: pytest.MonkeyPatch) -> None:
    complaint(environment, "FRONTDOOR_WECHAT_AES_KEY", "")
    environment.setenv("FRONTDOOR_WECHAT_PLAIN", "1")
    assert load().wechat_plain
    assert "FRONTDOOR_WECHAT_TOKEN" in complaint(environment, "FRONTDOOR_WECHAT_TOKEN", "")


def test_the_server_does_not_start_with_half_a_channel(tmp_path: Path, wechat: WeChatServer) -> None:
    ours = {f"FRONTDOOR_{name.upper()}": value for name, value in wechat.settings.items()}
    done = Server(tmp_path, **ours | {"FRONTDOOR_WECHAT_TOKEN": ""}).run("serve", "--port", "1")
    assert done.returncode == 2 and "FRONTDOOR_WECHAT_TOKEN" in done.stderr and "Traceback" not in done.stderr


def test_webhook_and_dialogue_agree_on_what_is_not_answered() -> None:
    assert set(QUIET) <= set(UNANSWERED)  # the others, about groups, never come by WeChat
    assert set(QUIET) <= ARRIVALS.keys()


# --- the menu


def test_the_shipped_menu_is_within_the_limits() -> None:
    for language in ("zh", "en"):
        menu = wanted(Book(), language)
        assert 1 <= len(menu["button"]) <= 3
    keys = [b.get("key") for top in menu["button"] for b in top.get("sub_button", [top])]
    assert keys == ["repair", "progress", "fees", "training", "complain", "person"]


@pytest.mark.parametrize(
    "policy",
    [
        [],
        None,
        ["repair"] * 4,
        [{"item": "service", "below": ["repair"] * 6}],
        [{"item": "nobody_wrote_words_for_this"}],
        [{"name": "太长太长太长"}],
        [{"name": "网站", "url": "ftp://example.cn"}],
        [{"name": "网站", "url": "https://example.cn/" + "x" * 1024}],
        [{"item": "x" * 129, "name": "报修"}],
        [{}],
    ],
)
def test_a_menu_that_wechat_would_refuse(policy: Any) -> None:
    with patch.object(Book, "policy", lambda *_: policy), pytest.raises(BadMenu):
        wanted(Book())


def test_the_menu_is_pushed_and_shown(tmp_path: Path, wechat: WeChatServer) -> None:
    new_sqlite(tmp_path)
    ours = {f"FRONTDOOR_{name.upper()}": value for name, value in wechat.settings.items()}
    office = Server(tmp_path, **ours)
    assert office.run("wechat", "menu", "--show").stdout == "no menu\n"
    done = office.run("wechat", "menu")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["服务", "    我要报修  repair"]
    assert wechat.menu and wechat.menu["button"][0]["sub_button"][0]["key"] == "repair"
    assert office.run("wechat", "menu", "--show").stdout == done.stdout
    assert len(wechat.called("menu/create")) == 1
    assert "Service" in office.run("wechat", "menu", "--language", "en").stdout
    wechat.fail(48001, on="menu/create")
    done = office.run("wechat", "menu")
    assert done.returncode == 1 and "48001" in done.stderr and "Traceback" not in done.stderr


def test_the_menu_needs_an_account(tmp_path: Path) -> None:
    done = Server(tmp_path).run("wechat", "menu")
    assert done.returncode == 2 and "FRONTDOOR_WECHAT_APP_ID" in done.stderr


# --- the check


def settings_of(wechat: WeChatServer, **more: Any) -> Any:
    return Settings(**{**wechat.settings, "public_url": "https://house.example.cn", **more})


def found(settings: Any) -> dict[str, Finding]:
    findings = check(settings)
    for finding in findings:  # there are words for it, and its values fill them
        for words in shipped_wording().values():
            assert words[finding.key].format(**finding.values)
    return {finding.key.removeprefix("check.wechat."): finding for finding in findings}


def test_all_is_well(wechat: WeChatServer) -> None:
    wechat.menu = {"button": [{"type": "click", "name": "报修", "key": "repair"}]}
    results = found(settings_of(wechat))
    assert {key for key, finding in results.items() if finding.ok is False} == set()
    assert results["token"].ok and results["clock"].ok and results["safe"].ok
    assert results["menu"].values == {"names": "报修"}
    assert results["address"].values == {"url": "https://house.example.cn/webhooks/wechat"}
    assert results["callback_ips"].values["count"] == 2


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (40164, "ip"),
        (40013, "app_id"),
        (40125, "secret"),
        (40001, "secret"),
        (45009, "quota"),
        (-1, "refused"),
    ],
)
def test_a_refused_token_says_what_to_do(wechat: WeChatServer, code: int, key: str) -> None:
    wechat.fail(code, on="stable_token")
    results = found(settings_of(wechat))
    assert results[key].ok is False and results[key].values["code"] == code
    if code == 40164:
        assert results["ip"].values["ip"] == "203.0.113.9"


def test_the_rest_that_may_be_wrong(wechat: WeChatServer) -> None:
    results = found(settings_of(wechat, public_url="", wechat_aes_key="", wechat_plain=True))
    assert results["no_public_url"].ok is False and results["plain"].ok is None
    assert results["no_menu"].ok is None
    assert found(settings_of(wechat, public_url="https://h.cn:8443"))["port"].ok is False
    wechat.fail(48001, on="menu/get")
    assert found(settings_of(wechat))["menu_refused"].values["code"] == 48001


def test_a_wrong_clock_is_noticed(wechat: WeChatServer) -> None:
    import time

    now = time.time()
    with patch("bot.wechat.check.time", lambda: now + 400):
        assert not found(settings_of(wechat))["clock"].ok


def test_nobody_answers() -> None:
    with WeChatServer() as gone:
        settings = settings_of(gone)
    assert found(settings)["unreachable"].ok is False


def test_an_answer_of_another_kind(wechat: WeChatServer) -> None:
    for trouble in (tencent.server_error(), tencent.Trouble("text"), tencent.Trouble([1])):
        wechat.fail(trouble, on="stable_token", times=1)
        assert found(settings_of(wechat))["refused"].ok is False


# --- files


def refused(channel: WeChatChannel, media_id: str, kind: type[Exception] = Never) -> Any:
    with pytest.raises(kind) as caught:
        channel.fetch(media_id, MOST)
    return caught.value


def test_a_file_that_is_too_large_is_not_read_to_its_end(
    channel: WeChatChannel, wechat: WeChatServer
) -> None:
    wechat.media["big"] = Media(b"x" * (MOST + 1))
    wechat.media["exact"] = Media(b"x" * MOST)
    assert not refused(channel, "big").lost
    assert len(channel.fetch("exact", MOST).content) == MOST


def test_an_expired_file(channel: WeChatChannel, wechat: WeChatServer) -> None:
    wechat.media["old"] = Media(b"x", until=wechat.now() + 10)
    wechat.advance(11)
    assert "40007" in str(refused(channel, "old")) and not refused(channel, "old").lost


def test_a_file_with_a_dead_token(channel: WeChatChannel, wechat: WeChatServer) -> None:
    wechat.media["m"] = Media(b"\xff\xd8")
    channel.fetch("m", MOST)
    wechat.tokens.revoke()
    assert channel.fetch("m", MOST).content == b"\xff\xd8"
    wechat.fail(tencent.server_error(), on="media/get", times=1)
    refused(channel, "m", Later)
    wechat.fail(tencent.dropped(), on="media/get", times=1)
    refused(channel, "m", Later)
    wechat.fail(tencent.Trouble({"nonsense": 1}), on="media/get", times=1)
    refused(channel, "m", Later)


class Elsewhere(HttpServer):
    """Somebody else's server, which must never be asked."""

    asked = 0

    def answer(self, request: Request) -> Answer:
        self.asked += 1
        return Answer(b"secret", content_type="video/mp4")


@pytest.mark.parametrize("scheme", ["http", "file", "ftp"])
def test_a_video_on_another_host_is_not_fetched(
    channel: WeChatChannel, wechat: WeChatServer, scheme: str
) -> None:
    with Elsewhere() as elsewhere:
        url = elsewhere.url.replace("http", scheme, 1)
        for address in (
            f"{url}/v.mp4",
            f"{url}/?.qq.com",
            f"http://qq.com@{url.split('//')[1]}/",
            "nonsense",
        ):
            wechat.fail(tencent.Trouble({"video_url": address}), on="media/get", times=1)
            assert "host" in str(refused(channel, "v"))
        assert elsewhere.asked == 0


def test_a_redirect_is_not_followed(channel: WeChatChannel, wechat: WeChatServer) -> None:
    with Elsewhere() as elsewhere:
        moved = Answer(b"", status=302, content_type="image/jpeg", headers={"Location": elsewhere.url})
        real = wechat.answer
        wechat.answer = lambda r: moved if "media/get" in r.path else real(r)  # type: ignore[method-assign]
        refused(channel, "m", Later)
        assert elsewhere.asked == 0


def test_the_guides_name_every_setting_and_error() -> None:
    guides = [Path("docs/channels/wechat.md"), Path("docs/channels/wechat.zh-CN.md")]
    for guide in guides:
        text = (Path(__file__).parents[3] / guide).read_text("utf-8")
        for name in ("APP_ID", "APP_SECRET", "TOKEN", "AES_KEY", "PLAIN"):
            assert f"FRONTDOOR_WECHAT_{name}" in text
        for code in (40164, 40001, 45015, 45047, 43004, 40125, 48001, 45009):
            assert str(code) in text
        assert "/webhooks/wechat" in text and re.search(r"frontdoor wechat menu", text)
