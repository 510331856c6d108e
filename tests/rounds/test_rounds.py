"""Rounds B9: chosen, spread over working days and people, moved, recorded; a finding becomes one ticket."""

from datetime import date, timedelta
from typing import Any

import chinese_calendar
import pytest
from sqlalchemy import select

from core.customer.model import Customer, Device
from core.house import House
from core.media.album import Album, add_photo, photos_of
from core.media.photo import BadPhoto
from core.media.store import Kept
from core.rounds.choose import BadRound, Place, devices_of, sample, typed
from core.rounds.model import Round, RoundVisit
from core.rounds.plan import RoundPlan, end_round, locked_visit, move_visit, plan_round, spread
from core.rounds.progress import calendar, progress_of, rounds_listed, visits_of
from core.rounds.visit import file_finding, record_visit
from core.ticket.model import Ticket
from tests.training.conftest import School

# The house's clock stands at Monday 2026-11-23.
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
SCHOOLS = "第一中学, 13800138001, 成都市武侯区普吉东二街88号\n第二中学，028-85551234，成都市锦江区\n第三中学"


def plans(house: House, places: list[Place], **more: Any) -> Round:
    plan = {
        "title": "教学屏巡检",
        "kind": "checked",
        "first_day": MONDAY,
        "last_day": FRIDAY,
        "goes": ("李工",),
    }
    with house.database.session() as session:
        made = plan_round(
            session, house, RoundPlan(places=places, **(plan | more)), by="赵经理", at=house.clock.now()
        )
        session.commit()
        return made


def visits(house: House, made: Round) -> list[RoundVisit]:
    with house.database.reading() as session:
        return list(visits_of(session, session.get_one(Round, made.id)))


def records(house: House, number: int, verdict: str, findings: str = "") -> None:
    with house.database.session() as session:
        visit = locked_visit(session, number)
        assert visit is not None
        record_visit(session, visit, verdict=verdict, findings=findings, by="李工", at=house.clock.now())
        session.commit()


def test_a_typed_list_is_read_as_people_type_it() -> None:
    first, second, third = typed(SCHOOLS + "\n\n第三中学\n")
    assert (first.name, first.phone, first.address) == (
        "第一中学",
        "+8613800138001",
        "成都市武侯区普吉东二街88号",
    )
    assert (second.phone, second.address) == ("+862885551234", "成都市锦江区")
    assert third == Place("第三中学")
    (turned,) = typed("第四中学，成都市锦江区 88 号，13800138004")
    assert (turned.phone, turned.address) == ("+8613800138004", "成都市锦江区 88 号")
    with pytest.raises(BadRound, match="name"):
        typed("，13800138001")


def test_a_sample_is_drawn_by_lot_once_and_for_all() -> None:
    places = [Place(f"第{n}中学") for n in range(100)]
    drawn = sample(places, 10, seed=7)
    assert drawn == sample(places, 10, seed=7) != sample(places, 10, seed=8)
    assert len(set(drawn)) == 10 and drawn == sorted(drawn, key=places.index)
    for size in (0, 101):
        with pytest.raises(BadRound, match="size"):
            sample(places, size, seed=7)


def test_visits_are_spread_evenly_and_early() -> None:
    days = [MONDAY + timedelta(days=n) for n in range(5)]
    assert spread(days, 5) == days
    assert spread(days, 2) == [days[0], days[2]]
    many = spread(days, 12)
    assert sorted(many) == many and {many.count(day) for day in days} <= {2, 3}


def test_a_full_sweep_takes_the_devices_in_use_of_an_area(house: House) -> None:
    at = house.clock.now()
    with house.database.session() as session:
        for n, (area, category, gone) in enumerate(
            (
                ("武侯区", "display", None),
                ("武侯区", "tv", None),
                ("锦江区", "display", None),
                ("武侯区", "display", at),
            )
        ):
            who = Customer(
                name=f"第{n}中学", phone=f"+861380013800{n}", address=f"成都市{area}", created_at=at
            )
            session.add(who)
            session.flush()
            session.add(Device(customer_id=who.id, category=category, retired_at=gone, created_at=at))
        session.commit()
        assert [place.name for place in devices_of(session, category="display", area="武侯区")] == ["第0中学"]
        assert [place.name for place in devices_of(session, category="display", area="")] == [
            "第0中学",
            "第2中学",
        ]
        assert devices_of(session, category="display", area="%") == []


def test_a_round_goes_on_working_days_in_turn_and_a_sample_says_of_what(house: House) -> None:
    places = [Place(f"第{n}中学") for n in range(30)]
    made = plans(
        house, places, kind="sampled", size=10, last_day=MONDAY + timedelta(days=7), goes=("李工", "张工")
    )
    found = visits(house, made)
    assert (len(found), made.whole) == (10, 30)
    assert all(visit.day.weekday() < 5 for visit in found)
    assert sorted(visit.goes or "" for visit in found) == ["张工"] * 5 + ["李工"] * 5


def test_a_round_over_the_turn_of_the_year_keeps_off_the_weekends(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Next year's holidays are decreed in November, and the table may not have them yet."""
    known = chinese_calendar.is_workday

    def until_new_year(day: date) -> bool:
        if day.year > 2026:
            raise NotImplementedError(day.year)
        return bool(known(day))

    monkeypatch.setattr(chinese_calendar, "is_workday", until_new_year)
    first = date(2026, 12, 28)
    made = plans(house, [Place(f"第{n}中学") for n in range(20)], first_day=first, last_day=date(2027, 1, 12))
    days = [visit.day for visit in visits(house, made)]
    assert days[0] == first and days[-1].year == 2027 and all(day.weekday() < 5 for day in days)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"title": " "}, "title"),
        ({"kind": "some"}, "kind"),
        ({"first_day": MONDAY - timedelta(days=1)}, "days"),
        ({"last_day": MONDAY - timedelta(days=1)}, "days"),
        ({"kind": "sampled", "size": 4}, "size"),
        ({"places": []}, "nobody"),
    ],
)
def test_what_cannot_be_planned_is_refused(house: House, more: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRound, match=why):
        plans(house, **({"places": typed(SCHOOLS)} | more))
    with house.database.reading() as session:
        assert session.scalars(select(RoundVisit)).all() == []


def test_a_visit_is_recorded_and_the_last_one_ends_the_round(house: House) -> None:
    made = plans(house, typed(SCHOOLS))
    first, second, third = (visit.id for visit in visits(house, made))
    records(house, first, "good")
    records(house, second, "finding", "投影发黄")
    with pytest.raises(BadRound, match="findings"):
        records(house, third, "finding", " ")
    with house.database.reading() as session:
        row = session.get_one(Round, made.id)
        progress = progress_of(session, [row], today=FRIDAY + timedelta(days=3))[made.id]
        assert (progress.visited, progress.findings, progress.late, progress.percent) == (2, 1, 1, 66)
        today = progress_of(session, [row], today=visits(house, made)[2].day)[made.id]
        assert today.late == 0  # its day is not over yet
        assert row.state == "going"
    records(house, third, "good")
    with house.database.reading() as session:
        assert session.get_one(Round, made.id).state == "ended"


def test_a_finding_becomes_one_ticket_with_what_is_known(house: House) -> None:
    made = plans(house, typed(SCHOOLS), category="display")
    first, second, _ = (visit.id for visit in visits(house, made))
    records(house, first, "finding", "黑屏，有声音没图像")
    records(house, second, "good")
    with house.database.session() as session:
        visit, good = locked_visit(session, first), locked_visit(session, second)
        assert visit is not None and good is not None
        ticket = file_finding(session, house, visit, by="李工", at=house.clock.now())
        again = file_finding(session, house, visit, by="李工", at=house.clock.now())
        assert ticket is again
        with pytest.raises(BadRound, match="findings"):
            file_finding(session, house, good, by="李工", at=house.clock.now())
        session.commit()
    with house.database.reading() as session:
        (ticket,) = session.scalars(select(Ticket))
        assert (ticket.kind, ticket.category, ticket.phone) == ("repair", "display", "+8613800138001")
        assert ticket.description == "黑屏，有声音没图像" and ticket.name == "第一中学"
        assert session.get_one(RoundVisit, first).customer_id == ticket.customer_id


def test_a_visit_moves_and_what_is_over_does_not(house: House) -> None:
    made = plans(house, typed(SCHOOLS))
    number, at = visits(house, made)[0].id, house.clock.now()
    with house.database.session() as session:
        visit = locked_visit(session, number)
        assert visit is not None
        move_visit(session, house, visit, FRIDAY + timedelta(days=3), "张工", by="赵经理", at=at)
        assert (visit.goes, visit.round.last_day) == ("张工", FRIDAY + timedelta(days=3))
        with pytest.raises(BadRound, match="days"):
            move_visit(session, house, visit, MONDAY - timedelta(days=1), "张工", by="赵经理", at=at)
        end_round(session, house, visit.round, cancelled=True, by="赵经理", at=at)
        session.commit()
    with house.database.session() as session:
        visit = locked_visit(session, number)
        assert visit is not None and visit.state == "cancelled"
        with pytest.raises(BadRound, match="over"):
            move_visit(session, house, visit, FRIDAY, None, by="赵经理", at=at)
        with pytest.raises(BadRound, match="over"):
            end_round(session, house, visit.round, cancelled=False, by="赵经理", at=at)
    with pytest.raises(BadRound, match="over"):
        records(house, number, "good")


def test_a_visit_has_each_photo_once(house: House) -> None:
    number = visits(house, plans(house, typed(SCHOOLS)))[0].id
    with house.database.session() as session:
        visit, at = locked_visit(session, number), house.clock.now()
        assert visit is not None
        for path in ("a.jpg", "b.jpg"):
            add_photo(
                session, Album(visit_id=visit.id), Kept(path, "image/jpeg", 1, path), most=2, by="李工", at=at
            )
        for path, why in (("a.jpg", "twice"), ("c.jpg", "many")):
            with pytest.raises(BadPhoto, match=why):
                add_photo(
                    session,
                    Album(visit_id=visit.id),
                    Kept(path, "image/jpeg", 1, path),
                    most=2,
                    by="李工",
                    at=at,
                )
        assert [photo.path for photo in photos_of(session, Album(visit_id=visit.id))] == ["a.jpg", "b.jpg"]


def test_visits_and_sessions_share_one_calendar(school: School) -> None:
    house = school.house
    training = school.plans(days=1)
    made = plans(house, typed(SCHOOLS), last_day=MONDAY + timedelta(days=2), goes=("李工", "孙老师"))
    with house.database.reading() as session:
        days = calendar(session, house, first=MONDAY, days=7)
        assert [(day.day.day, len(day.sessions), len(day.visits)) for day in days] == [
            (23, 0, 1),
            (24, 1, 1),
            (25, 0, 1),
        ]
        mine = calendar(session, house, first=MONDAY, days=7, goes="孙老师")
        assert [(day.sessions[0].code, day.visits[0].name) for day in mine] == [(training.code, "第二中学")]
        assert [found.id for found in rounds_listed(session, goes="李工", limit=5)] == [made.id]
        assert not rounds_listed(session, goes="周客服", limit=5)
