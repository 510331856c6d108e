"""Codes on appliances, codes that link, codes that are no good: each is answered, none is worth more than it says."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.customer.linking import verify_phone
from core.customer.model import Customer, Device, Identity
from core.customer.scene import Scene, issue
from core.promise.model import Promise
from tests.play import REPORT, Story
from tests.stories.arrivals import arrives

AIRCON = {
    "category": "air_conditioner",
    "brand": "格力",
    "model": "KFR-26GW",
    "serial": "SN0001",
    "purchase_date": "2025-05-01",
}


def token(story: Story, purpose: str, payload: dict[str, Any], **options: Any) -> str:
    with story.house.database.session() as session:
        made = issue(session, purpose, payload, at=story.house.clock.now(), **options)
        session.commit()
    return made


def scans(story: Story, scene: Any, who: str = "wx-wang", kind: str = "scan", channel: str = "wechat") -> str:
    return arrives(story, who, channel, kind, payload={"scene": scene})


def says(story: Story, text: str, who: str = "wx-wang") -> str:
    return story.says(text, who=who, channel="wechat")


def rows(story: Story, model: Any) -> list[Any]:
    with story.house.database.reading() as session:
        return list(
            session.scalars(select(model).order_by(model.id if hasattr(model, "id") else model.token))
        )


@pytest.mark.parametrize("kind", ["follow", "scan"])
def test_a_product_code_fills_the_form_and_asks_what_is_wrong(story: Story, kind: str) -> None:
    code = token(story, "product", AIRCON, once=False)
    answer = scans(story, code, kind=kind)
    assert "格力空调 KFR-26GW" in answer and "隐私说明" in answer
    assert "第 1 步" in says(story, "不制冷，吹出来是热风")
    answer = says(story, "直接报修")
    for line in ("王芳", "13800138000", "成都市武侯区天府大道1号3栋201"):
        assert "型号" not in answer and "什么时候买" not in answer, answer
        answer = says(story, line)
    assert "请您核对" in answer and "KFR-26GW" in answer and "2025-05-01" in answer
    says(story, "1")
    (ticket,) = story.tickets()
    assert (ticket["model"], ticket["purchase_date"], ticket["warranty"]) == ("KFR-26GW", "2025-05-01", "in")
    (device,) = rows(story, Device)
    assert device.serial == "SN0001"
    story.conserved()


def test_scanning_again_remembers_one_device_and_counts_twice(story: Story) -> None:
    code = token(story, "product", AIRCON, once=False)
    scans(story, code)
    scans(story, code)
    scans(story, code, who="wx-other")
    assert len(rows(story, Device)) == 2
    assert rows(story, Scene)[0].scans == 3


def test_two_of_the_same_model_are_told_apart_by_their_serials(story: Story) -> None:
    scans(story, token(story, "product", AIRCON, once=False))
    scans(story, token(story, "product", {**AIRCON, "serial": "SN0002"}, once=False))
    assert {device.serial for device in rows(story, Device)} == {"SN0001", "SN0002"}


def test_who_only_scans_is_no_abandoned_report(story: Story) -> None:
    scans(story, token(story, "product", AIRCON, once=False))
    story.passes("1d")
    assert not [p for p in rows(story, Promise) if p.kind == "intake_abandoned"]
    assert not any("未填完" in push or "中断" in push for push in story.pushes())


def test_scanning_in_the_middle_of_a_report_fills_it(story: Story) -> None:
    assert "型号" in says(story, "空调不制冷，格力的，直接报修")
    answer = scans(story, token(story, "product", AIRCON, once=False))
    assert "不用再填" in answer and "型号" not in answer.split("不用再填")[1]


def test_another_device_waits_until_the_report_in_hand_is_done(story: Story) -> None:
    says(story, "海尔冰箱不制冷，直接报修")
    answer = scans(story, token(story, "product", AIRCON, once=False))
    assert "先把手上" in answer and "型号" in answer


def test_an_open_ticket_about_the_device_is_told(story: Story) -> None:
    story.play(REPORT)
    number = story.tickets()[0]["number"]
    code = token(story, "product", {"category": "air_conditioner", "brand": "美的"}, once=False)
    assert number in scans(story, code, who="王女士", channel="webchat")
    assert number not in scans(story, code, who="wx-other"), "somebody else's ticket is not"


@pytest.mark.parametrize("payload", [{}, {"category": "spaceship"}, {"category": None}, {"category": ["tv"]}])
def test_a_product_code_without_a_product_greets(story: Story, payload: dict[str, Any]) -> None:
    assert "很高兴为您服务" in scans(story, token(story, "product", payload))
    assert rows(story, Device) == []


@pytest.mark.parametrize("bought", ["2025-13-99", "gestern", "2025-05-01-01-01", "-", {"a": 1}])
def test_a_date_that_is_none_is_left_out(story: Story, bought: Any) -> None:
    scans(story, token(story, "product", {**AIRCON, "purchase_date": bought}, once=False))
    assert rows(story, Device)[0].purchase_date is None


@pytest.mark.parametrize(
    "scene", ["no-such-token", "", None, 7, "x" * 500, "'; DROP TABLE scenes; --", {"a": 1}]
)
@pytest.mark.parametrize("kind", ["follow", "scan"])
def test_forged_tokens_are_greeted(story: Story, scene: Any, kind: str) -> None:
    assert "很高兴为您服务" in scans(story, scene, kind=kind)
    story.conserved()


def test_expired(story: Story) -> None:
    code = token(story, "product", AIRCON, expires_at=story.house.clock.now() + timedelta(hours=1))
    story.passes("1d")
    answer = scans(story, code)
    assert "已经不能用了" in answer and "很高兴为您服务" in answer
    assert rows(story, Device) == []


def test_a_check_in_to_no_session_is_answered_politely(story: Story) -> None:
    assert "不能用了" in scans(story, token(story, "check_in", {"session": 1}, once=False))
    assert "很高兴为您服务" in scans(story, token(story, "something_newer", {}))


# --- codes that link


@pytest.fixture
def owner(story: Story) -> int:
    story.play(REPORT)
    with story.house.database.session() as session:
        identity = session.scalars(select(Identity).where(Identity.external_id == "王女士")).one()
        at = story.house.clock.now()
        verify_phone(session, identity.customer, "+8613800138000", at=at, actor="周客服", channel="staff")
        session.commit()
        return identity.customer_id


def customer_of(story: Story, who: str) -> int:
    with story.house.database.reading() as session:
        return session.scalars(select(Identity.customer_id).where(Identity.external_id == who)).one()


def test_a_linking_code_links_after_a_yes(story: Story, owner: int) -> None:
    number = story.tickets()[0]["number"]
    answer = scans(story, token(story, "bind", {"customer": owner}))
    assert "尾号 8000" in answer and "王芳" not in answer and number not in answer
    assert customer_of(story, "wx-wang") != owner
    done = says(story, "1")
    assert "绑定成功" in done and number in done
    assert customer_of(story, "wx-wang") == owner
    assert "确定解除吗" in says(story, "解除绑定")


@pytest.mark.parametrize("said", ["2", "不是我", "不是我的档案", "不是"])
def test_who_says_no_voids_it_and_the_desk_hears(story: Story, owner: int, said: str) -> None:
    code = token(story, "bind", {"customer": owner, "by": "周客服"})
    scans(story, code)
    assert "没有绑定" in says(story, said)
    assert any("绑定码到了别人手里" in push for push in story.pushes())
    assert "已经不能用了" in scans(story, code)
    assert customer_of(story, "wx-wang") != owner


def test_a_linking_code_is_for_the_first_who_scans(story: Story, owner: int) -> None:
    code = token(story, "bind", {"customer": owner})
    scans(story, code)
    answer = scans(story, code, who="wx-thief")
    assert "已经不能用了" in answer and "8000" not in answer
    says(story, "1", who="wx-thief")
    assert customer_of(story, "wx-thief") != owner
    assert "绑定成功" in says(story, "1")
    assert "已经不能用了" in scans(story, code), "it has served"


def test_two_who_scan_at_once(story: Story, owner: int) -> None:
    code = token(story, "bind", {"customer": owner})
    for who in ("wx-1", "wx-2"):
        says(story, "你好", who=who)
    threads = [threading.Thread(target=scans, args=(story, code, who)) for who in ("wx-1", "wx-2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    story.work()
    for who in ("wx-1", "wx-2"):
        says(story, "1", who=who)
    assert [customer_of(story, who) for who in ("wx-1", "wx-2")].count(owner) == 1


def test_somebody_with_a_proved_number_of_their_own_is_not_swallowed(story: Story, owner: int) -> None:
    says(story, "你好")
    with story.house.database.session() as session:
        identity = session.scalars(select(Identity).where(Identity.external_id == "wx-wang")).one()
        at = story.house.clock.now()
        verify_phone(session, identity.customer, "+8613900139000", at=at, actor="周客服", channel="staff")
        session.commit()
    scans(story, token(story, "bind", {"customer": owner}))
    assert "尾号 9000" in says(story, "1")
    assert customer_of(story, "wx-wang") != owner


def test_a_code_for_a_file_that_was_joined_to_another_still_finds_it(story: Story, owner: int) -> None:
    with story.house.database.session() as session:
        gone = Customer(created_at=story.house.clock.now(), merged_into=owner)
        session.add(gone)
        session.commit()
        number = gone.id
    scans(story, token(story, "bind", {"customer": number}))
    says(story, "1")
    assert customer_of(story, "wx-wang") == owner


@pytest.mark.parametrize("payload", [{}, {"customer": 999_999}, {"customer": "1"}, {"customer": None}])
def test_a_linking_code_for_nobody(story: Story, payload: dict[str, Any]) -> None:
    assert "已经不能用了" in scans(story, token(story, "bind", payload))


def test_a_linking_code_scanned_in_a_report_lets_it_go_on(story: Story, owner: int) -> None:
    says(story, "海尔冰箱不制冷，直接报修")
    scans(story, token(story, "bind", {"customer": owner}))
    done = says(story, "1")
    assert "绑定成功" in done and "型号" in done
