"""``check``: what an administrator got wrong is found and said, with what to do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from app.settings import Settings
from bot.wecom.check import check
from core.database import Database
from core.knowledge.book import Book
from core.staff.model import Staff
from tests.providers.wecom import events
from tests.providers.wecom.server import WeComServer


@pytest.fixture
def settings(sqlite_url: str, wecom: WeComServer) -> Iterator[Settings]:
    wecom.hire(events.LI)
    yield Settings(
        database_url=sqlite_url,
        public_url="https://service.example.com",
        **wecom.settings,  # type: ignore[arg-type]
    )


def link(settings: Settings, name: str, account: str) -> None:
    database = Database(settings.database)
    with database.session() as session:
        session.add(Staff(name=name, role="agent", wecom_id=account, created_at=datetime.now(UTC)))
        session.commit()
    database.close()


def found(settings: Settings) -> dict[str, Any]:
    """key → ok; every finding has words in both languages."""
    findings = check(settings)
    for finding in findings:
        for language in ("zh", "en"):
            assert Book().text(finding.key, language, **finding.values)
    return {finding.key.removeprefix("check.wecom."): finding.ok for finding in findings}


def words(settings: Settings) -> str:
    return "\n".join(Book().text(finding.key, "zh", **finding.values) for finding in check(settings))


def test_customer_groups_are_not_allowed(settings: Settings, wecom: WeComServer) -> None:
    link(settings, "李工", events.LI)
    wecom.fail(48002, on="externalcontact/groupchat/list")
    assert found(settings)["no_groups"] is None and "可调用接口的应用" in words(settings)


def test_all_is_well(settings: Settings) -> None:
    link(settings, "李工", events.LI)
    assert found(settings) == {
        "token_ok": True,
        "clock_ok": True,
        "range_ok": True,
        "staff_ok": True,
        "groups_ok": True,
        "callback": None,
    }
    assert "https://service.example.com/webhooks/wecom" in words(settings)


def test_nobody_is_linked(settings: Settings) -> None:
    assert found(settings)["no_staff"] is None


def test_a_member_that_wecom_does_not_know(settings: Settings, wecom: WeComServer) -> None:
    link(settings, "赵经理", "ZhaoTypo")
    assert found(settings)["member_unknown"] is False and "ZhaoTypo" in words(settings)
    wecom.fail(60011, on="user/get")
    assert found(settings)["member_unseen"] is False


def test_the_address_is_not_trusted(settings: Settings, wecom: WeComServer) -> None:
    wecom.fail(60020, on="agent/get")
    assert found(settings)["ip"] is False and wecom.caller_ip in words(settings)


@pytest.mark.parametrize(
    ("code", "key"),
    [(40001, "secret_wrong"), (40013, "corp_wrong"), (301002, "agent_wrong"), (987654, "refused")],
)
def test_wrong_settings(settings: Settings, wecom: WeComServer, code: int, key: str) -> None:
    wecom.fail(code, on="agent/get" if code == 301002 else "gettoken")
    assert found(settings)[key] is False and found(settings)["callback"] is None


def test_nobody_sees_the_app(settings: Settings, wecom: WeComServer) -> None:
    wecom.members.clear()
    assert found(settings)["range_empty"] is False


def test_the_clock_is_off(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Wrong":
            return cls(2020, 1, 1, tzinfo=tz)

    monkeypatch.setattr("bot.wecom.check.datetime", Wrong)
    assert found(settings)["clock_off"] is False


def test_wecom_cannot_be_reached(settings: Settings, wecom: WeComServer) -> None:
    wecom.close()
    assert found(settings) == {"away": False, "callback": None}
    assert wecom.secret not in words(settings)


def test_before_the_database_is_set_up(settings: Settings, tmp_path: Any) -> None:
    settings.database_url = f"sqlite:///{tmp_path / 'empty.db'}"
    assert found(settings)["no_database"] is None
