"""``frontdoor channels check``: every finding has words, a slow or broken provider holds nobody up, secrets stay in."""

import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from app import channel_checks
from app.channel_checks import check_all, check_common
from app.settings import Settings
from core.house import House
from core.knowledge.book import shipped_wording
from core.messaging.finding import Finding

SECRET = "123456:AAsecret"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in list(os.environ):
        if name.startswith("FRONTDOOR_"):
            monkeypatch.delenv(name)
    return Settings(telegram_token=SECRET, telegram_secret="s" * 20, public_url="https://example.com")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Telegram's own check, in the hands of the test."""
    module = ModuleType("a_check")
    holder = SimpleNamespace(answer=[Finding(True, "check.on")])
    module.check = lambda _settings: holder.answer() if callable(holder.answer) else holder.answer  # type: ignore[attr-defined]
    monkeypatch.setitem(channel_checks.CHECKS, "telegram", "a_check")
    monkeypatch.setattr(channel_checks, "find_spec", lambda name: object() if name == "a_check" else None)
    monkeypatch.setattr(channel_checks, "import_module", lambda _name: module)
    return holder


def keys(findings: list[Finding]) -> list[tuple[bool | None, str]]:
    return [(one.ok, one.key) for one in findings]


def test_what_is_off_is_no_fault_and_what_is_on_is_asked(
    settings: Settings, house: House, provider: Any
) -> None:
    found = check_all(settings, house.database)
    assert list(found) == ["all", "webchat", "wechat", "wecom", "telegram", "jambonz", "smtp"]
    assert keys(found["wechat"]) == keys(found["wecom"]) == [(None, "check.off")]
    assert keys(found["telegram"]) == keys(found["webchat"]) == [(True, "check.on")]


def test_a_provider_that_hangs_is_told_and_not_waited_for(settings: Settings, provider: Any) -> None:
    never = threading.Event()
    provider.answer = lambda: never.wait(30) and []
    assert keys(check_all(settings, None, patience=0.2)["telegram"]) == [(False, "check.slow")]
    never.set()


def test_an_error_tells_its_kind_and_never_its_words(settings: Settings, provider: Any) -> None:
    def broken() -> list[Finding]:
        raise RuntimeError(f"GET https://api.telegram.org/bot{SECRET}/getMe failed")

    provider.answer = broken
    (finding,) = check_all(settings, None)["telegram"]
    assert (finding.ok, finding.key) == (False, "check.failed") and SECRET not in str(finding)


def test_a_channel_without_a_check_says_so(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(channel_checks.CHECKS, "telegram", "bot.no_such_channel.check")
    assert keys(check_all(settings, None)["telegram"]) == [(None, "check.none")]


@dataclass
class Name:
    """A resolver that knows one name."""

    address: str

    def __call__(self, *_: Any, **__: Any) -> list[Any]:
        if not self.address:
            raise OSError("unknown")
        return [(2, 1, 6, "", (self.address, 443))]


@pytest.mark.parametrize(
    ("url", "address", "finding"),
    [
        ("", "", (None, "check.url_missing")),
        ("http://example.com", "8.8.8.8", (False, "check.url_plain")),
        ("https://example.com", "", (False, "check.url_unknown")),
        ("https://example.com", "127.0.0.1", (False, "check.url_inside")),
        ("https://example.com", "192.168.1.7", (False, "check.url_inside")),
        ("https://example.com", "fe80::1%eth0", (False, "check.url_inside")),
        ("https://example.com", "8.8.8.8", (True, "check.url")),
        ("https://example.com:8443", "2606:4700::1111", (True, "check.url")),
    ],
)
def test_the_address_as_seen_from_outside(
    settings: Settings, house: House, monkeypatch: pytest.MonkeyPatch, url: str, address: str, finding: Any
) -> None:
    monkeypatch.setattr(channel_checks.socket, "getaddrinfo", Name(address))
    settings.public_url = url
    assert finding in keys(check_common(settings, house.database))


def test_without_an_address_wechat_cannot_work(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.public_url = ""
    monkeypatch.setattr(channel_checks, "is_on", lambda _settings, channel: channel == "wechat")
    assert (False, "check.url_missing") in keys(check_common(settings, None))


def test_half_set_channels_are_findings(settings: Settings) -> None:
    settings.wechat_app_id = "wx123"
    (finding,) = [one for one in check_common(settings, None) if one.key == "check.setting"]
    assert "FRONTDOOR_WECHAT_APP_SECRET" in finding.values["problem"]


def test_the_clock_is_held_against_the_databases(settings: Settings, house: House) -> None:
    assert (True, "check.clock") in keys(check_common(settings, house.database))
    assert (False, "check.database") in keys(check_common(settings, None))


def test_a_clock_that_is_off(settings: Settings, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(UTC) - timedelta(seconds=90)

    monkeypatch.setattr(channel_checks, "datetime", Late)
    (finding,) = [one for one in check_common(settings, house.database) if "clock" in one.key]
    assert finding.key == "check.clock_wrong" and 85 < float(finding.values["seconds"]) < 95


def test_every_finding_has_words_with_the_right_blanks() -> None:
    source = Path(channel_checks.__file__).read_text("utf-8")
    asked = set(re.findall(r'"(check\.[a-z_]+)"', source))
    assert len(asked) > 10
    for language in ("zh", "en"):
        assert asked <= set(shipped_wording()[language])


def run(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.cli", "channels", "check", *arguments]
    environment |= {"FRONTDOOR_HOME": str(home), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=180)


def test_the_command(tmp_path: Path, sqlite_url: str) -> None:
    fine = run(tmp_path, FRONTDOOR_DATABASE_URL=sqlite_url)
    assert fine.returncode == 0 and "✓ 本机时钟" in fine.stdout and "· 没有启用" in fine.stdout
    wrong = run(tmp_path, "--json", FRONTDOOR_DATABASE_URL=sqlite_url, FRONTDOOR_WECOM_SECRET="topsecret")
    rows = json.loads(wrong.stdout)
    assert wrong.returncode == 1 and {"channel", "ok", "key", "text", "values"} == set(rows[0])
    assert any(row["key"] == "check.setting" and row["ok"] is False for row in rows)
    assert "topsecret" not in wrong.stdout + wrong.stderr
    assert "FRONTDOOR_" in run(tmp_path, "--language", "en").stdout, (
        "an empty home is a finding, not a traceback"
    )
