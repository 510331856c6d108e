"""Getting in, and being kept out."""

from datetime import UTC, datetime, timedelta

import pytest

from core.staff.accounts import TooManyAttempts, WrongPassword, check_password
from core.staff.model import LoginAttempt, Staff
from tests.console.conftest import PASSWORD, Desk


def test_the_right_password_opens_the_start_page(desk: Desk) -> None:
    assert desk.get("/").url.path == "/console/login"
    answer = desk.enter("agent")
    assert answer.url.path == "/console/" and "agent，您好" in answer.text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    desk.get("/login")
    token = desk.client.cookies["starlette_admin_csrftoken"]
    form = {"username": "agent", "password": PASSWORD, "csrftoken": token}
    answer = desk.client.post("/console/login", data=form, follow_redirects=False)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("frontdoor_staff"))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age=43200" in cookie


def test_a_changed_cookie_is_worth_nothing(desk: Desk) -> None:
    desk.enter("agent")
    signed = desk.client.cookies["frontdoor_staff"]
    desk.client.cookies.clear()
    desk.client.cookies.set("frontdoor_staff", "x" + signed, path="/console")
    assert desk.get("/").url.path == "/console/login"


@pytest.mark.parametrize("name", ["agent", "nobody"])
def test_a_wrong_password_and_an_unknown_name_sound_the_same(desk: Desk, name: str) -> None:
    answer = desk.enter(name, "wrong")
    assert answer.status_code == 400 and "用户名或密码不对" in answer.text


def test_five_failures_close_the_door_for_a_while(desk: Desk) -> None:
    for _ in range(5):
        desk.enter("agent", "wrong")
    answer = desk.enter("agent")
    assert "登录失败次数太多，请 15 分钟后再试" in answer.text
    assert desk.get("/").url.path == "/console/login"


def test_failures_count_per_name_and_per_address_and_are_forgotten(desk: Desk) -> None:
    now = datetime.now(UTC)
    with desk.house.database.session() as session:
        for i in range(5):
            with pytest.raises(WrongPassword):
                check_password(session, name="agent", password="no", address=f"10.0.0.{i}", at=now)
        with pytest.raises(TooManyAttempts) as refused:
            check_password(
                session, name="agent", password=PASSWORD, address="10.0.1.1", at=now + timedelta(minutes=5)
            )
        assert refused.value.minutes == 10
        later = now + timedelta(minutes=16)
        assert check_password(session, name="agent", password=PASSWORD, address="x", at=later).name == "agent"
        assert session.query(LoginAttempt).filter(LoginAttempt.subject == "name:agent").count() == 0


@pytest.mark.parametrize("change", [{"active": False}, {"password_hash": "$argon2id$another"}])
def test_who_is_deactivated_or_has_a_new_password_is_out_at_once(desk: Desk, change: dict) -> None:
    desk.enter("agent")
    with desk.house.database.session() as session:
        session.query(Staff).filter(Staff.name == "agent").update(change)
        session.commit()
    assert desk.get("/").url.path == "/console/login"


def test_a_role_holds_from_the_next_request(desk: Desk) -> None:
    desk.enter("agent")
    assert desk.get("/staff").status_code == 403
    with desk.house.database.session() as session:
        session.query(Staff).filter(Staff.name == "agent").update({"role": "admin"})
        session.commit()
    assert desk.get("/staff").status_code == 200


def test_logging_out(desk: Desk) -> None:
    desk.enter("agent")
    assert desk.post("/logout").url.path == "/console/login"


def test_the_way_back_never_leads_to_another_host(desk: Desk) -> None:
    desk.get("/login")
    answer = desk.post("/login?next=https://evil.example/", username="agent", password=PASSWORD)
    assert answer.url.host == "testserver"
