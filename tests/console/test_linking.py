"""Codes and links on the console: who may make them, what they show, what an unlinked identity keeps."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from console import Outside
from console.access import ROLES
from core.customer.model import Conversation, Identity
from core.customer.scene import Scene
from core.house import House
from core.messaging.outbox import OutboxMessage, say
from core.ticket.model import Ticket, TimelineEntry
from tests.console.conftest import Desk


class Links:
    def of(self, token: str) -> dict[str, str]:
        return {"telegram": f"https://t.me/house_bot?start={token}"}


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, Outside(links=Links(), channels={"webchat": True, "wechat": False, "telegram": True}))


def test_a_product_code_is_made_and_shown(desk: Desk) -> None:
    desk.enter("dispatcher")
    answer = desk.post(
        "/codes/add", category="tv", brand="海信", model="55e7g", serial="a1", purchase_date="2025-05"
    )
    with desk.house.database.reading() as session:
        code = session.scalars(select(Scene)).one()
    assert code.payload == {
        "category": "tv",
        "brand": "海信",
        "model": "55E7G",
        "serial": "A1",
        "purchase_date": "2025-05",
        "by": "dispatcher",
    }
    assert f"start={code.token}" in answer.text and "扫码 0 次" in answer.text
    assert "海信电视" in desk.get("/codes").text
    svg, png = (desk.get(f"/codes/{code.token}/picture.{kind}") for kind in ("svg", "png"))
    assert svg.headers["content-type"].startswith("image/svg") and b"<path" in svg.content
    assert png.content.startswith(b"\x89PNG")
    assert desk.get(f"/codes/{code.token}/picture.exe").status_code == 404
    assert desk.get("/codes/nothing").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"category": "spaceship"},
        {"category": ""},
        {"category": "tv", "brand": "x" * 61},
        {"category": "tv", "purchase_date": "2999"},
        {"category": "tv", "purchase_date": "2025-13-01"},
        {"category": "tv", "purchase_date": "gestern"},
    ],
)
def test_what_is_no_product_is_refused_kindly(desk: Desk, wrong: dict[str, str]) -> None:
    desk.enter("admin")
    assert "二维码没有生成" in desk.post("/codes/add", **wrong).text
    with desk.house.database.reading() as session:
        assert session.scalars(select(Scene)).all() == []


@pytest.mark.parametrize("role", ROLES)
def test_who_may_make_codes(desk: Desk, file: Callable[..., Ticket], role: str) -> None:
    with desk.house.database.session() as session:
        number = file().number
        session.query(Ticket).update({"assignee": "technician"})
        session.commit()
    desk.enter(role)
    assert desk.post("/codes/add", category="tv").status_code == (
        200 if "codes" in ROLES[role].edits else 403
    )
    may_link = "update" in ROLES[role].verbs
    assert desk.post(f"/tickets/{number}/link/code").status_code == (200 if may_link else 403)
    answer = desk.post(f"/tickets/{number}/link/unlink", identity="webchat:nobody")
    assert answer.status_code == (200 if may_link else 403)
    assert ("生成绑定码" in desk.get(f"/tickets/{number}").text) == may_link


def test_a_linking_code_is_shown_once_and_never_listed(desk: Desk, file: Callable[..., Ticket]) -> None:
    number = file().number
    desk.enter("agent")
    answer = desk.post(f"/tickets/{number}/link/code")
    with desk.house.database.reading() as session:
        code = session.scalars(select(Scene).where(Scene.purpose == "bind")).one()
    assert desk.row(TimelineEntry).verb == "link_code"
    assert code.token in answer.text and code.once and code.expires_at is not None
    assert "no-store" in answer.headers["cache-control"]
    desk.enter("admin")
    assert code.token not in desk.get("/codes").text
    assert desk.get(f"/codes/{code.token}").status_code == 404


def test_unlinking_takes_the_identity_out_of_the_file(desk: Desk, file: Callable[..., Ticket]) -> None:
    ticket = file()
    with desk.house.database.session() as session:
        at = desk.house.clock.now()
        session.add(
            Identity(channel="telegram", external_id="42", created_at=at, customer_id=ticket.customer_id)
        )
        session.commit()
    desk.enter("agent")
    assert "解除绑定" in desk.get(f"/tickets/{ticket.number}").text
    assert "已解除绑定" in desk.post(f"/tickets/{ticket.number}/link/unlink", identity="telegram:42").text
    identity = desk.row(Identity, Identity.external_id == "42")
    assert identity.customer_id != ticket.customer_id and desk.row(Ticket).customer_id == ticket.customer_id
    assert desk.row(TimelineEntry, TimelineEntry.verb == "unlinked").actor == "agent"
    assert (
        "没有找到渠道身份" in desk.post(f"/tickets/{ticket.number}/link/unlink", identity="telegram:42").text
    )


def test_a_code_for_a_customer_is_not_for_staff_to_read(desk: Desk, file: Callable[..., Ticket]) -> None:
    ticket = file()
    with desk.house.database.session() as session:
        chat = session.scalars(select(Conversation)).one()
        say(session, at=desk.house.clock.now(), channel="webchat", recipient="x", text="验证码 482913，10 分钟内有效",
            conversation_id=chat.id, extra={"secret": "482913"})  # fmt: skip
        session.commit()
    desk.enter("admin")
    for path in ("", "/conversation"):
        page = desk.get(f"/tickets/{ticket.number}{path}").text
        assert "482913" not in page and "••••••" in page
    assert "482913" not in desk.post(f"/tickets/{ticket.number}/reveal", field="conversation").text
    assert desk.row(OutboxMessage).extra == {"secret": "482913"}


def test_the_start_page_tells_which_channels_are_on(desk: Desk) -> None:
    desk.enter("viewer")
    page = desk.get("/").text
    assert "✓ 网页" in page and "· 微信" in page and "✓ Telegram" in page


def test_a_code_that_could_not_be_delivered_is_no_more_readable(desk: Desk) -> None:
    with desk.house.database.session() as session:
        row = say(
            session,
            at=desk.house.clock.now(),
            channel="webchat",
            recipient="x",
            text="验证码 482913",
            extra={"secret": "482913"},
        )
        assert row is not None
        row.status = "dead"
        session.commit()
    desk.enter("admin")
    page = desk.get("/dead-letters").text
    assert "482913" not in page and "••••••" in page
