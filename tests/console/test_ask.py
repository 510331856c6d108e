"""The pages 问答 and 试问一句."""

from core.knowledge.model import Question, Revision
from tests.console.conftest import Desk


def test_a_question_is_tried(desk: Desk) -> None:
    desk.enter("trainer")
    page = desk.get("/ask?text=热水器的镁棒几年换一回").text
    assert "会这样回答" in page and "两到三年检查更换" in page and "热水器说明书·保养" in page
    page = desk.get("/ask?text=微波炉能热鸡蛋吗").text
    sure = desk.house.book.policy("search")["sure"]
    assert "会请人来答" in page and f"{sure:.0%}".replace("%", " %") in page
    assert "没有相近的内容" in desk.get("/ask?text=qwertz").text


def test_an_edit_answers_at_once_and_is_a_version(desk: Desk) -> None:
    desk.enter("trainer")
    desk.get("/ask?text=镁棒多久换一次")  # the index is there before the edit
    with desk.house.database.reading() as session:
        row = session.get_one(Question, "heater-anode")
        form = {
            "question": row.question,
            "category": row.category,
            "answer": "请每年检查。",
            "source": "李工",
        }
    answer = desk.post("/questions/edit?pk=heater-anode", **form, similar="镁棒咋换", active="on")
    assert answer.status_code == 200
    page = desk.get("/ask?text=镁棒咋换").text
    assert "请每年检查。" in page and "出处：李工" in page
    assert desk.row(Revision).subject == "question:heater-anode"


def test_who_may_not_is_turned_away(desk: Desk) -> None:
    desk.enter("viewer")
    assert desk.get("/ask").status_code == 403
