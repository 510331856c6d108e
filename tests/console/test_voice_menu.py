"""The page 语音菜单: drawn, edited with versions, refused where a caller would be trapped, and used by the next call."""

from core.call.model import EditedMenu
from core.knowledge.model import Revision
from ivr.menu import shipped
from ivr.menus import Menus
from tests.console.conftest import Desk


def test_the_menu_is_drawn_and_shown(desk: Desk) -> None:
    desk.enter("manager")
    page = desk.get("/voice-menu").text
    assert "<svg" in page and "查进度" in page and "then: do repair" in page
    assert "progress" in desk.get("/voice-menu?language=en").text


def test_an_edit_is_a_version_and_the_next_call_uses_it(desk: Desk) -> None:
    desk.enter("manager")
    menus = Menus(desk.house.database)
    assert menus.of("zh").nodes["main"].choices[0].label == "报修"
    text = shipped("zh").replace("label: 报修, key: 1", "label: 报修登记, key: 1")
    assert desk.post("/voice-menu/zh", text=text).status_code == 200
    menus._checked = 0.0
    assert menus.of("zh").nodes["main"].choices[0].label == "报修登记"
    versions = desk.house.database
    with versions.reading() as session:
        kept = session.query(Revision).filter(Revision.subject == "menu:zh").order_by(Revision.version).all()
    assert [(row.version, row.by) for row in kept] == [(1, "frontdoor"), (2, "manager")]
    assert "报修登记" in desk.get("/voice-menu").text


def test_what_would_trap_a_caller_is_refused_with_the_place(desk: Desk) -> None:
    desk.enter("manager")
    for before, after, why in (
        ("then: do repair", "then: menu nowhere", "main/1: no node nowhere"),
        ("label: 报修, key: 1", "label: 报修, key: 0", "main/0"),
        ("nodes:", "nodes", "main/0"),
    ):
        answer = desk.post("/voice-menu/zh", text=shipped("zh").replace(before, after, 1))
        assert answer.status_code == 422 and (why in answer.text or before == "nodes:")
    with desk.house.database.reading() as session:
        assert session.query(EditedMenu).count() == 0


def test_who_may_only_look_cannot_save(desk: Desk) -> None:
    desk.enter("auditor")
    assert "readonly" in desk.get("/voice-menu").text
    assert desk.post("/voice-menu/zh", text=shipped("zh")).status_code == 403


def test_a_label_cannot_break_out_of_the_picture(desk: Desk) -> None:
    desk.enter("manager")
    text = shipped("zh").replace("label: 报修, key: 1", "label: '<script>x</script>', key: 1")
    page = desk.post("/voice-menu/zh", text=text).text
    assert "<script>x" not in page and "&lt;script&gt;x" in page
