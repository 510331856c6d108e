"""Editing reference data: versioned, checked, in effect without a restart."""

from urllib.parse import quote

import pytest

from console.edit.checks import Broken, check_placeholders, check_shape, placeholders
from core.knowledge.book import Book
from core.knowledge.model import Article, Revision
from core.knowledge.telling import telling
from core.service.model import Outlet
from tests.console.conftest import Desk
from tests.edited import known_at_once
from tests.play import Story


def versions(desk: Desk, subject: str) -> list[tuple[int, str]]:
    with desk.house.database.reading() as session:
        rows = session.query(Revision).filter(Revision.subject == subject).order_by(Revision.version)
        return [(row.version, row.by) for row in rows]


def edit_wording(desk: Desk, key: str, text: str):
    page = desk.get(f"/wording/list?q={quote(key)}").text
    link = next(part for part in page.split('"') if "/wording/edit" in part)
    return desk.post(link.split("/console", 1)[1].replace("&amp;", "&"), text=text)


def test_new_wording_holds_at_once_and_is_a_version(desk: Desk) -> None:
    desk.enter("manager")
    other = Book(desk.house.database)  # another process
    assert other.text("goodbye").startswith("感谢")
    edit_wording(desk, "goodbye", "再见，{brand}") and edit_wording(desk, "goodbye", "再见，祝您顺利！")
    other._checked = 0.0  # two seconds later
    assert "再见，祝您顺利！" in (other.text("goodbye"), other.text("goodbye", "en"))
    subject = next(s for s in ("wording:zh:goodbye", "wording:en:goodbye") if versions(desk, s))
    assert versions(desk, subject) == [(1, "frontdoor"), (2, "manager")]
    assert subject in desk.get("/history").text


def test_a_word_that_nobody_fills_in_is_refused(desk: Desk) -> None:
    desk.enter("manager")
    answer = edit_wording(desk, "notice.accept", "您好 {nickname}")
    assert (
        answer.status_code == 422 and "{nickname} 没有人会填写" in answer.text and "{number}" in answer.text
    )
    assert desk.row(Revision) is None
    assert edit_wording(desk, "notice.accept", "您好 {").status_code == 422


def test_policies_keep_their_shape(desk: Desk) -> None:
    desk.enter("manager")
    path = "/policies/edit?pk=escalation_percent"
    assert "不是正确的 JSON" in desk.post(path, value="[50, 80").text
    assert "应为 number" in desk.post(path, value='[50, "80"]').text
    assert "应为 list" in desk.post(path, value="{}").text
    assert desk.row(Revision) is None
    desk.post(path, value="[40, 80, 100]")
    known_at_once(desk.house)
    assert desk.house.book.policy("escalation_percent") == [40, 80, 100]
    assert versions(desk, "policy:escalation_percent") == [(1, "frontdoor"), (2, "manager")]


@pytest.mark.parametrize(
    ("spans", "decreed"),
    [
        ('[["08:30", "25:00"]]', '{"holidays": [], "workdays": [], "years": []}'),
        ('[["08:30", "12:00"]]', '{"holidays": ["2027-02-30"], "workdays": [], "years": []}'),
        ('[["08:30", "12:00"]]', '{"holidays": ["2027-02-06"], "workdays": ["2027-02-06"], "years": []}'),
    ],
)
def test_a_day_or_an_hour_that_does_not_exist_is_not_saved(desk: Desk, spans: str, decreed: str) -> None:
    desk.enter("manager")
    value = f'{{"spans": {spans}, "days_off": [5, 6], "decreed": {decreed}}}'
    assert "内容无法使用" in desk.post("/policies/edit?pk=office_hours", value=value).text
    assert desk.row(Revision) is None


def test_articles_keep_their_counts(desk: Desk) -> None:
    with desk.house.database.session() as session:
        session.query(Article).filter(Article.slug == "tv-no-power").update({"offered": 7})
        session.commit()
    desk.enter("trainer")
    form = {
        "title": "电视不开机",
        "category": "tv",
        "symptoms": "no_power",
        "steps": "看灯\n\n 换插座 ",
        "active": "on",
    }
    desk.post("/articles/edit?pk=tv-no-power", **form)
    with desk.house.database.reading() as session:
        article = session.get_one(Article, "tv-no-power")
    assert (article.title, article.steps, article.offered) == ("电视不开机", ["看灯", "换插座"], 7)
    assert versions(desk, "article:tv-no-power") == [(1, "frontdoor"), (2, "trainer")]


def article_form(article: Article, **changes: str) -> dict[str, str]:
    """What the form of an article sends."""
    lists = {
        name: "\n".join(getattr(article, name))
        for name in ("symptoms", "steps", "warnings", "steps_en", "warnings_en")
    }
    words = {name: getattr(article, name) for name in ("title", "title_en", "category", "voice", "voice_en")}
    return {**lists, **words, "active": "on", **changes}


def test_the_english_of_an_article_is_all_of_it_or_none(desk: Desk) -> None:
    desk.enter("trainer")
    with desk.house.database.reading() as session:
        before = session.get_one(Article, "tv-no-power")
    path = "/articles/edit?pk=tv-no-power"
    one_more = desk.post(path, **article_form(before, steps="\n".join([*before.steps, "再看一次指示灯。"])))
    assert one_more.status_code == 422 and "英文有 4 条，中文有 5 条" in one_more.text
    assert "再看一次指示灯。" in one_more.text  # what was typed is kept
    less = desk.post(path, **article_form(before, warnings_en=""))
    assert less.status_code == 422 and "英文有 0 条，中文有 1 条" in less.text
    untitled = desk.post(path, **article_form(before, title_en=""))
    assert untitled.status_code == 422 and "英文步骤要配英文标题" in untitled.text
    assert desk.row(Revision) is None
    words = article_form(before, steps_en="\n".join(["Look at the light.", *before.steps_en[1:]]))
    assert desk.post(path, **words).status_code == 200
    with desk.house.database.reading() as session:
        told = telling(session.get_one(Article, "tv-no-power"), "en")
    assert told and told.steps[0] == "Look at the light."
    assert desk.row(Revision).data["steps_en"][0] == "Look at the light."
    assert desk.post(path, **article_form(before, steps_en="", warnings_en="")).status_code == 200
    with desk.house.database.reading() as session:
        assert telling(session.get_one(Article, "tv-no-power"), "en") is None
    assert [number for number, _ in versions(desk, "article:tv-no-power")] == [1, 2, 3]


def test_a_hotline_comes_and_goes(desk: Desk) -> None:
    desk.enter("manager")
    desk.post("/hotlines/create", brand="新牌", category="电视", hotline="400-000-0000")
    assert "400-000-0000" in desk.get("/hotlines/list?q=400-000-0000").text
    with desk.house.database.reading() as session:
        created = session.query(Revision).one()
    pk = created.subject.split(":")[1]
    desk.enter("dispatcher")
    assert desk.post(f"/_api/hotlines/row-action?name=delete&pk={pk}").status_code != 200
    desk.enter("manager")
    assert desk.post(f"/_api/hotlines/row-action?name=delete&pk={pk}").status_code == 200
    assert "400-000-0000" not in desk.get("/hotlines/list").text
    assert versions(desk, created.subject) == [(1, "manager"), (2, "manager")]


def test_an_outlet_that_is_switched_off_gets_no_more_work_and_one_that_moves_is_told_so(desk: Desk) -> None:
    story = Story(desk.house)
    first = dispatched(story, "王女士", "洗衣机漏电了，13800138000，成都市武侯区天府大道1号")
    with desk.house.database.reading() as session:
        outlet = session.query(Outlet).filter(Outlet.name == first).one()
    desk.enter("dispatcher")
    kept = {
        name: getattr(outlet, name) or "" for name in ("name", "phone", "region", "latitude", "longitude")
    }
    moved = kept | {"skills": "", "address": "成都市武侯区新路9号", "active": "on"}
    desk.post(f"/outlets/edit?pk={outlet.id}", **moved)
    with desk.house.database.reading() as session:
        assert session.get_one(Outlet, outlet.id).address == "成都市武侯区新路9号"
    desk.post(f"/outlets/edit?pk={outlet.id}", **({n: v for n, v in moved.items() if n != "active"}))
    assert dispatched(story, "张先生", "洗衣机漏电了，13800138001，成都市武侯区天府大道1号") not in (
        None,
        first,
    )
    versioned = [(1, "frontdoor"), (2, "dispatcher"), (3, "dispatcher")]
    assert versions(desk, f"outlet:{outlet.id}") == versioned


def dispatched(story: Story, who: str, words: str) -> str | None:
    story.says(words, who=who)
    number = story.tickets()[0]["number"]
    story.staff("accept", number)
    story.staff("dispatch", number)
    return story.tickets()[0]["outlet"]


@pytest.mark.parametrize(
    ("value", "shipped"),
    [
        ({"a": 1, "b": 2}, {"a": 1}),
        ([1, 2.5], [1]),
        ([], [1]),
        ({"tv": {"visit": 1}}, {"tv": {"visit": 2}}),
        ("x", "y"),
    ],
)
def test_shapes_that_fit(value: object, shipped: object) -> None:
    check_shape(value, shipped)


@pytest.mark.parametrize(
    ("value", "shipped", "key"),
    [
        ({}, {"a": 1}, "check.missing"),
        ({"a": "1"}, {"a": 1}, "check.kind"),
        ({"a": True}, {"a": 1}, "check.kind"),
        ({"a": 1, "b": "x", "c": 2}, {"a": 1, "b": "x"}, "check.unknown"),
        ({"a": 1, "b": "x"}, {"a": 1}, "check.unknown"),
        ([["08:30"], "x"], [["08:30"]], "check.kind"),
        (None, 3, "check.kind"),
    ],
)
def test_shapes_that_do_not(value: object, shipped: object, key: str) -> None:
    with pytest.raises(Broken) as broken:
        check_shape(value, shipped)
    assert broken.value.key == key


def test_placeholders() -> None:
    assert placeholders("{name} {{not}} {fee:.2f}") == {"name", "fee:.2f"}
    check_placeholders("您好", "您好 {name}")
    for text in ("{other}", "{name.__class__}", "{0}", "{", "{name!r}"):
        with pytest.raises(Broken):
            check_placeholders(text, "您好 {name}")


def test_two_of_the_same_are_refused_kindly(desk: Desk) -> None:
    desk.enter("manager")
    answer = desk.post("/hotlines/create", brand="海信", category="电视", hotline="1")
    assert answer.status_code == 422 and "已经有一条相同的了" in answer.text
