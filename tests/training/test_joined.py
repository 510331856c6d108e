"""One person with two chats: what was registered in either is theirs, once."""

from sqlalchemy import select

from core.customer.linking import join
from core.customer.model import Customer, Identity
from core.training.model import Enrolment, TrainingReview
from tests.training.conftest import School


def joins(school: School, newcomer: str, owner: str) -> int:
    """The two chats are one customer's from now on; returns the id of who stays."""
    at = school.house.clock.now()
    with school.house.database.session() as session:
        found = {
            who: session.scalars(
                select(Customer)
                .join(Identity, Identity.customer_id == Customer.id)
                .where(Identity.external_id == who)
            ).one()
            for who in (newcomer, owner)
        }
        number = found[owner].id
        join(session, found[newcomer], found[owner], at=at, actor="test", channel="webchat")
        session.commit()
    return number


def theirs(school: School, customer: int) -> list[str]:
    with school.house.database.reading() as session:
        rows = session.scalars(select(Enrolment).where(Enrolment.customer_id == customer))
        return [f"{row.name} {row.state}" for row in rows]


def test_a_seat_goes_with_its_customer_and_is_given_back_in_either_chat(school: School) -> None:
    training = school.plans()
    school.registers(training, "phone", "吴敏", "13800138001")
    school.says("你好", who="tablet")
    owner = joins(school, "phone", "tablet")
    assert theirs(school, owner) == ["吴敏 registered"]
    assert "已取消报名" in school.says("取消报名", who="tablet")
    school.conserved()


def test_of_two_places_the_better_is_kept_and_the_other_goes_to_who_waits(school: School) -> None:
    training = school.plans(seats=2)
    school.registers(training, "phone", "吴敏", "13800138001")
    school.registers(training, "tablet", "吴老师", "13800138002")
    school.registers(training, "he", "何军", "13800138003")
    owner = joins(school, "phone", "tablet")
    assert theirs(school, owner) == ["吴老师 registered"]
    school.passes("1m")
    assert school.states(training) == ["吴敏 cancelled", "吴老师 registered", "何军 registered"]
    assert "有空位了" in school.all_heard("he")
    school.conserved()


def test_who_waits_in_the_chat_that_stays_has_the_seat_of_the_other(school: School) -> None:
    training = school.plans(seats=1)
    school.registers(training, "phone", "吴敏", "13800138001")
    school.registers(training, "tablet", "吴老师", "13800138002")
    owner = joins(school, "phone", "tablet")
    assert theirs(school, owner) == ["吴敏 registered"]
    assert school.states(training) == ["吴敏 registered", "吴老师 cancelled"]


def test_a_questionnaire_goes_along_and_of_two_for_one_session_both_stay_as_they_are(school: School) -> None:
    """One customer has one in a session: the second is left where it is, and the joining is not undone by it."""
    both, one = school.plans(), school.plans(days=4)
    for who in ("phone", "tablet"):
        school.says("你好", who=who)
    with school.house.database.session() as session:
        ids = dict(session.execute(select(Identity.external_id, Identity.customer_id)).tuples().all())
        for training, who in ((both, "phone"), (both, "tablet"), (one, "phone")):
            at = school.house.clock.now()
            session.add(
                TrainingReview(session_id=training.id, customer_id=ids[who], by="trainee", asked_at=at)
            )
        session.commit()
    owner = joins(school, "phone", "tablet")
    with school.house.database.reading() as session:
        rows = session.execute(
            select(TrainingReview.session_id, TrainingReview.customer_id).order_by(TrainingReview.id)
        )
        assert [tuple(row) for row in rows] == [(both.id, ids["phone"]), (both.id, owner), (one.id, owner)]
