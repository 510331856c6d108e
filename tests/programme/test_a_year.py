"""Sale → first follow-up → every quarter → warranty end, over a simulated year: nothing twice, nothing forgotten (E2)."""

from datetime import date, timedelta
from itertools import pairwise

from core.programme.shipped import shipped_plans
from tests.programme.conftest import Programme


def answers(story: Programme) -> None:
    """王女士 answers whatever is asked, to the end."""
    for words in ("1", "5", "没有"):
        if "回访" in story.heard() or "打个分" in story.heard() or "建议" in story.heard():
            story.says(words)


def test_a_year_with_a_washing_machine(programme: Programme) -> None:
    programme.sells(brand="海尔")  # on 2026-11-23
    heard: list[tuple[date, str]] = []
    for _ in range(385):
        heard += programme.lives(1)
        if heard and heard[-1][0] == programme.today:
            answers(programme)
    cases = programme.cases()
    asked = [
        (case.plan, str(case.started_at.astimezone(programme.house.zone).date()))
        for case in cases
        if case.asked_at
    ]
    assert asked == [
        ("sale", "2026-12-18"),
        ("quarterly", "2027-02-23"),
        ("quarterly", "2027-05-23"),
        ("quarterly", "2027-08-23"),
        ("quarterly", "2027-11-23"),
    ]
    in_time = [case.asked_at <= case.due_at for case in cases if case.asked_at]
    assert all(in_time), [(case.key, case.asked_at, case.due_at) for case in cases]
    warranty = next(task for task in programme.tasks() if task.purpose == "warranty_end")
    assert programme.house.local(warranty.created_at).date() == date(2027, 11, 9)
    assert "保修期快满了" in warranty.text and "海尔洗衣机" in warranty.text
    keys = [case.key for case in cases]
    assert len(keys) == len(set(keys))
    for contact in programme.contacts():
        assert 9 <= programme.house.local(contact.at).hour < 21
    times = sorted(contact.at for contact in programme.contacts())
    assert all(b - a >= timedelta(hours=72) for a, b in pairwise(times))
    assert [case.score for case in cases if case.plan == "sale"] == [5]
    assert {case.outcome for case in cases if case.asked_at} == {"fixed"}
    programme.conserved()
    assert shipped_plans().keys() >= {case.plan for case in cases}
