"""The promise of an answer: it warns the trainer, then the head, then goes up the chain until somebody answers."""

from datetime import timedelta

from core.asked.reply import first_of
from tests.asked.conftest import ANSWER, QUESTION, SUN, Asking
from tests.stories.chatting import ADMIN, ZHAO

# Monday 10:00; the policy gives 480 working minutes, 09:00 to 17:00 or as the office hours say.
WU = ("wu", "吴敏", "13800138001")


def test_unanswered_it_goes_up_and_stops_with_the_answer(asking: Asking) -> None:
    asking.attended(*WU)
    asking.says(QUESTION, who="wu")
    number = asking.number()
    ticket = asking.tickets()[0]
    assert ticket["assignee"] == "孙老师" and ticket["due_at"]
    asking.passes("30h")
    assert [m for m in asking.cards("时限") if number in m.text], "the trainer is warned at half the time"
    assert [m for m in asking.cards(number, ZHAO) if "80%" in m.text or "时限" in m.text]
    asking.passes("72h")
    assert asking.cards(number, ADMIN), "broken: the general manager's chain"
    warned = len(asking.recorders["wecom"].sent)
    assert "已发给 1 处" in asking.presses_and_answers(number)
    asking.passes("96h")
    late = [m for m in asking.recorders["wecom"].sent[warned:] if number in m.text and "已超时" in m.text]
    assert not late and ANSWER in asking.heard("wu")
    asking.conserved()


def test_answered_in_time_nobody_is_alarmed(asking: Asking) -> None:
    asking.attended(*WU)
    asking.says(QUESTION, who="wu")
    number = asking.number()
    asking.types(SUN, f"#{number} 回答 {ANSWER}")
    asking.passes("96h")
    assert not asking.cards(number, ZHAO) and not asking.cards(number, ADMIN)
    with asking.house.database.reading() as session:
        assert first_of(session, number).answers == 1
    asking.conserved()


def test_the_hours_that_are_counted_are_working_hours(asking: Asking) -> None:
    """480 minutes from Friday 16:00 end on Monday: nobody is alarmed on a weekend."""
    asking.attended(*WU)
    asking.passes("102h")
    asking.says(QUESTION, who="wu")
    asked, due = (asking.house.local(moment) for moment in (asking.asked()[0].asked_at, asking.due()))
    assert (f"{asked:%a %H:%M}", f"{due:%a}", due.date() - asked.date()) == ("Fri 16:00", "Mon", timedelta(3))
    asking.passes("48h")
    assert not [card for card in asking.cards(asking.number()) if "时限" in card.text]
