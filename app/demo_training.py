"""A training to register for in the demonstration: tomorrow afternoon, with two trainees on its roll."""

from datetime import timedelta

from sqlalchemy import select

from core.customer.model import Customer
from core.house import House
from core.staff.model import Staff
from core.training.model import Course
from core.training.schedule import Plan, add_course, plan_session
from core.training.seats import Trainee, enrol
from core.training.times import usual_slots

TITLE = "教学一体机使用与维护"
OUTLINE = "开关机与信号源、无线投屏、白板书写、常见故障自查"
PLACE = "成都市锦江区书院街12号 三楼多媒体教室"
SEATS = 30
TRAINEES = (("李校长", "+8613980010004", "蓬安县第一小学"), ("郑老师", "+8613980010007", "蓬安县第一小学"))


def plan_training(house: House) -> None:
    """Once; staff and customers of the demonstration are there already."""
    at = house.clock.now()
    with house.database.session() as session:
        if session.scalar(select(Course.id).limit(1)) is not None:
            return
        people = {person.name: person.id for person in session.scalars(select(Staff))}
        course = add_course(session, title=TITLE, category="display", outline=OUTLINE, at=at)
        slot = usual_slots(house.book.policy("training"))[-1]
        starts, ends = slot.on(house.local(at).date() + timedelta(days=1), house.zone)
        plan = Plan(
            course.id,
            starts,
            ends,
            SEATS,
            PLACE,
            trainer_id=people.get("孙老师"),
            head_id=people.get("赵经理"),
        )
        training = plan_session(session, house, plan, at=at)
        for name, phone, organisation in TRAINEES:
            known = session.scalar(select(Customer.id).where(Customer.phone == phone))
            enrol(session, house, training, Trainee(name, phone, organisation, known), via="list", at=at)
        session.commit()
