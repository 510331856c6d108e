"""Pictures of steps in the console: for who edits articles, checked, in effect at once, each change a version."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select

from core.customer.model import Conversation
from core.house import House
from core.knowledge.model import Article, Revision
from core.knowledge.pictures import Pictures
from core.messaging.outbox import say
from core.ticket.model import Ticket
from tests.console.conftest import CSRF, Desk
from tests.pictured import COOLING, pictured
from tests.training.pictures import opened, photo

PAGE = f"/step-pictures/{COOLING}"


def words(desk: Desk, step: int) -> str:
    with desk.house.database.reading() as session:
        steps = session.get_one(Article, COOLING).steps
    return str(steps[step - 1]) if step <= len(steps) else ""


def put(desk: Desk, step: int, content: bytes | None, **form: Any) -> Response:
    values = {"text": words(desk, step), "csrftoken": desk.client.cookies.get(CSRF, "")} | form
    files = {} if content is None else {"picture": ("照片.jpg", content, "image/jpeg")}
    return desk.client.post(f"/console{PAGE}/{step}", data=values, files=files)


def pictures(house: House) -> dict[str, str]:
    with house.database.reading() as session:
        return session.get_one(Article, COOLING).pictures


def versions(desk: Desk) -> list[tuple[int, str]]:
    with desk.house.database.reading() as session:
        rows = (
            session.query(Revision)
            .filter(Revision.subject == f"article:{COOLING}")
            .order_by(Revision.version)
        )
        return [(row.version, row.by) for row in rows]


@pytest.fixture
def trainer(desk: Desk) -> Desk:
    pictured(desk.house)  # none
    desk.enter("trainer")
    return desk


def test_added_replaced_and_taken_away_and_every_time_a_version(trainer: Desk) -> None:
    assert "图片已保存" in put(trainer, 2, photo()).text
    first = pictures(trainer.house)
    assert list(first) == ["2"] and first["2"] in trainer.get(PAGE).text
    put(trainer, 2, photo(colour="tomato"))
    second = pictures(trainer.house)
    assert list(second) == ["2"] and second != first
    assert "图片已移除" in put(trainer, 2, None, remove="1").text
    assert pictures(trainer.house) == {}
    assert versions(trainer) == [(1, "frontdoor"), (2, "trainer"), (3, "trainer"), (4, "trainer")]
    assert trainer.row(Revision, Revision.version == 2).data["pictures"] == first
    put(trainer, 2, None, remove="1")  # twice
    assert len(versions(trainer)) == 4


def test_without_what_the_camera_wrote_and_upright(trainer: Desk) -> None:
    put(trainer, 1, photo(size=(3000, 2000)))
    content, mime = Pictures(trainer.house.database).content(pictures(trainer.house)["1"])
    shown = opened(content)
    assert mime == "image/jpeg" and not shown.getexif() and shown.height > shown.width
    assert max(shown.size) <= trainer.house.book.policy("photos")["longest_side"]


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload='alert(1)'/>", b"\xff\xd8\xff" + bytes(40)], ids=["empty", "svg", "cut"]
)
def test_what_is_no_picture_is_refused_and_nothing_changes(trainer: Desk, content: bytes) -> None:
    put(trainer, 1, photo())
    before = pictures(trainer.house)
    assert "照片没有保存" in put(trainer, 1, content).text
    assert "照片没有保存" in put(trainer, 2, None).text
    assert pictures(trainer.house) == before and len(versions(trainer)) == 2


@pytest.mark.parametrize("step", [0, 5, 99])
def test_a_step_that_is_not_there(trainer: Desk, step: int) -> None:
    assert "文字刚被改过" in put(trainer, step, photo()).text
    assert pictures(trainer.house) == {}


def test_words_edited_meanwhile(trainer: Desk) -> None:
    assert "文字刚被改过" in put(trainer, 1, photo(), text="以前的文字").text
    assert pictures(trainer.house) == {} and versions(trainer) == []


def test_pictures_go_with_their_words_when_the_article_is_edited(trainer: Desk) -> None:
    put(trainer, 2, photo())
    (shown,) = pictures(trainer.house).values()
    steps = "\n".join(["先看这里", *(words(trainer, n) for n in (1, 2, 4))])
    form = {"title": "空调不制冷", "category": "air_conditioner", "symptoms": "no_cooling", "active": "on"}
    trainer.post(f"/articles/edit?pk={COOLING}", **form, steps=steps)
    assert pictures(trainer.house) == {"3": shown}
    assert trainer.row(Revision).data["pictures"] == {"3": shown}


def test_the_list_says_how_many_and_leads_there(trainer: Desk) -> None:
    put(trainer, 2, photo())
    listed = trainer.get("/articles/list?q=ac-no-cooling").text
    assert f'href="/console{PAGE}">1 / 4</a>' in listed
    assert PAGE in trainer.get(f"/articles/detail?pk={COOLING}").text


def test_who_only_reads_articles_changes_nothing(trainer: Desk) -> None:
    trainer.enter("agent")
    page = trainer.get(PAGE)
    assert page.status_code == 200 and 'type="file"' not in page.text
    assert put(trainer, 1, photo()).status_code == 403
    trainer.enter("viewer")
    assert trainer.get(PAGE).status_code == 403
    assert pictures(trainer.house) == {}


def test_no_such_article(trainer: Desk) -> None:
    assert trainer.get("/step-pictures/nothing").status_code == 404


def test_staff_see_what_the_customer_was_shown(trainer: Desk, file: Callable[..., Ticket]) -> None:
    ticket = file()
    shown = pictured(trainer.house, 1)
    with trainer.house.database.session() as session:
        chat = session.scalars(select(Conversation)).first()
        extra, at = {"picture": {"id": shown}}, trainer.house.clock.now()
        say(
            session,
            at=at,
            channel="webchat",
            recipient="v",
            text="第 1 步",
            conversation_id=chat.id,
            extra=extra,
        )
        session.commit()
    trainer.enter("agent")
    assert f"/webchat/pictures/{shown}" in trainer.get(f"/tickets/{ticket.number}").text
