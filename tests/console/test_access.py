"""Every role against every page and every verb: what the table does not name is refused."""

from collections.abc import Callable

import pytest

from console.access import ROLES, rights
from core.staff.model import ROLES as ROLE_NAMES
from core.ticket.actions import EXTRA_VERBS
from core.ticket.lifecycle import VERBS
from core.ticket.model import Ticket
from tests.console.conftest import Desk

PATHS = {
    "dashboard": "/",
    "tickets": "/tickets",
    "sla": "/sla",
    "roster": "/roster",
    "promises": "/promises",
    "trainings": "/trainings",
    "rounds": "/rounds",
    "groups": "/groups",
    "asked": "/asked",
    "escalation": "/escalation",
    "calls": "/calls",
    "plans": "/plans",
    "satisfaction": "/satisfaction",
    "pushes": "/pushes",
    "incidents": "/incidents",
    "dead_letters": "/dead-letters",
    "articles": "/articles/list",
    "questions": "/questions/list",
    "ask": "/ask",
    "outlets": "/outlets/list",
    "hotlines": "/hotlines/list",
    "wording": "/wording/list",
    "policies": "/policies/list",
    "codes": "/codes",
    "reviews": "/reviews",
    "voice_menu": "/voice-menu",
    "history": "/history",
    "reveals": "/reveals",
    "staff": "/staff",
}
EVERY_VERB = (*VERBS, *EXTRA_VERBS, "reply", "assign", "update")


def test_the_table_names_every_role_and_an_unknown_one_may_nothing() -> None:
    assert set(ROLES) == set(ROLE_NAMES)
    assert not rights("janitor").pages and not rights(None).verbs
    assert all(role.pages <= set(PATHS) and role.verbs <= set(EVERY_VERB) for role in ROLES.values())


def test_the_table_is_what_was_agreed() -> None:
    assert not ROLES["viewer"].verbs and not ROLES["auditor"].verbs and not ROLES["trainer"].verbs
    assert {"accept", "close", "cancel", "reopen", "merge", "sign", "quote"} <= ROLES["agent"].verbs
    assert not {"dispatch", "appoint"} & ROLES["agent"].verbs
    assert {"dispatch", "appoint"} <= ROLES["dispatcher"].verbs
    assert ROLES["technician"].own_only and "accept" not in ROLES["technician"].verbs
    assert [name for name, role in ROLES.items() if "staff" in role.edits] == ["admin"]
    assert not ROLES["auditor"].edits and "reveals" in ROLES["auditor"].pages


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_pages(desk: Desk, role: str) -> None:
    desk.enter(role)
    for page, path in PATHS.items():
        expected = 200 if page in ROLES[role].pages else 403
        assert desk.get(path).status_code == expected, page


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_verbs(desk: Desk, file: Callable[..., Ticket], role: str) -> None:
    number = file().number
    with desk.house.database.session() as session:
        session.query(Ticket).update({"assignee": "technician"})
        session.commit()
    desk.enter(role)
    for verb in (*EVERY_VERB, "follow_up", "delete", ""):
        # An empty form: what is allowed is at most refused for a reason, never forbidden.
        expected = 200 if verb in ROLES[role].verbs else 403
        assert desk.do(number, verb).status_code == expected, verb


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_edits(desk: Desk, role: str) -> None:
    desk.enter(role)
    for key in ("articles", "outlets", "hotlines"):
        expected = 200 if key in ROLES[role].edits else 403
        assert desk.get(f"/{key}/create").status_code == expected, key
    assert desk.post("/staff/add").status_code == (200 if role == "admin" else 403)
    assert desk.post("/dead-letters/inbox/1/replay").status_code == (
        200 if "dead_letters" in ROLES[role].edits else 403
    )
    assert desk.get("/wording/create").status_code == 403


def test_a_technician_sees_only_their_own(desk: Desk, file: Callable[..., Ticket]) -> None:
    mine, other = file().number, file(brand="格力", model="KFR-26").number
    with desk.house.database.session() as session:
        session.query(Ticket).filter(Ticket.number == mine).update({"assignee": "technician"})
        session.commit()
    desk.enter("technician")
    listed = desk.get("/tickets?scope=all&assignee=agent").text
    assert mine in listed and other not in listed
    assert desk.get(f"/tickets/{mine}").status_code == 200
    assert desk.get(f"/tickets/{other}").status_code == 404
    assert desk.get(f"/tickets/{other}/conversation").status_code == 404
    assert desk.do(other, "done").status_code == 404
    assert desk.post(f"/tickets/{other}/reveal", field="phone").status_code == 404
    assert other not in desk.get(f"/tickets?q={other}").text.replace(f"q={other}", "").replace(
        f'value="{other}"', ""
    ).replace(f"“{other}”", "")


def test_buttons_follow_the_role(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("agent")
    page = desk.get(f"/tickets/{number}").text
    assert 'data-bs-target="#do-accept"' in page and 'data-bs-target="#do-dispatch"' not in page
    desk.enter("viewer")
    assert 'data-bs-target="#do-' not in desk.get(f"/tickets/{number}").text


def test_without_a_token_no_form_is_taken(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("agent")
    answer = desk.client.post(f"/console/tickets/{number}/do", data={"verb": "accept"})
    assert answer.status_code == 403 and "刷新" in answer.text
    forged = desk.client.post(f"/console/tickets/{number}/do", data={"verb": "accept", "csrftoken": "forged"})
    assert forged.status_code == 403
    assert desk.row(Ticket).state == "filed"


def test_pages_may_load_nothing_from_elsewhere(desk: Desk) -> None:
    desk.enter("admin")
    for path in (*PATHS.values(), "/articles/create", "/policies/edit?pk=sla"):
        answer = desk.get(path)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        outside = answer.text.replace("http://testserver", "").replace("http://www.w3.org", "")
        assert (
            'src="http' not in outside
            and "@import" not in outside
            and 'link rel="stylesheet" href="http' not in outside
        )
