"""The page 待标注: who may open it, one click files, and staff who correct a symptom feed it."""

from collections.abc import Callable

from core.nlu_review.model import NluReview
from core.ticket.model import Ticket
from tests.conftest import MONDAY_MORNING
from tests.console.conftest import ADDRESS, Desk


def kept(desk: Desk, text: str) -> int:
    with desk.house.database.session() as session:
        row = NluReview(
            text=text,
            meaning={"intent": "report_fault", "symptom": "other", "non_quality": False},
            confidence=0.31,
            why="low_confidence",
            at=MONDAY_MORNING,
        )
        session.add(row)
        session.commit()
        return row.id


def test_a_click_files_an_example(desk: Desk) -> None:
    row = kept(desk, "屋里跟蒸笼一样")
    desk.enter("trainer")
    page = desk.get("/reviews").text
    assert "屋里跟蒸笼一样" in page and "0.31" in page and "报故障" in page
    desk.post(f"/reviews/{row}", do="label", intent="report_fault", symptom="no_cooling")
    found = desk.row(NluReview)
    assert (found.status, found.by, found.label["symptom"]) == ("labelled", "trainer", "no_cooling")
    assert "屋里跟蒸笼一样" not in desk.get("/reviews").text


def test_a_fault_without_a_symptom_is_refused(desk: Desk) -> None:
    row = kept(desk, "它不行")
    desk.enter("trainer")
    desk.post(f"/reviews/{row}", do="label", intent="report_fault", symptom="")
    assert desk.row(NluReview).status == "open"
    desk.post(f"/reviews/{row}", do="dismiss")
    assert desk.row(NluReview).status == "dismissed"


def test_who_may_only_look_cannot_file(desk: Desk) -> None:
    row = kept(desk, "它不行")
    desk.enter("auditor")
    assert "/reviews/" not in desk.get("/reviews").text
    assert desk.post(f"/reviews/{row}", do="dismiss").status_code == 403


def test_a_corrected_symptom_is_kept_without_the_address(desk: Desk, file: Callable[..., Ticket]) -> None:
    desk.enter("agent")
    ticket = file()
    desk.do(ticket.number, "update", symptom="noise", description=f"在{ADDRESS}，空调响")
    found = desk.row(NluReview)
    assert (found.why, found.by, found.text) == ("staff_corrected", "agent", "在〔address〕，空调响")
