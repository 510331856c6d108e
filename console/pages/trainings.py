"""Trainings: courses, the sessions of all of them, and how they were scored."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.desk.training import field, plan_from
from console.page import who
from console.pages.training_form import TrainingForms
from core.categories import CATEGORIES
from core.staff.model import Staff
from core.training.courses import add_course, last_trainers
from core.training.model import Course, TrainingSession
from core.training.roll import counts
from core.training.schedule import plan_session
from core.training.scores import trends_by_course, trends_by_trainer
from core.training.times import usual_slots

MOST = 300
CHARTED = 12  # sessions in one chart


class Trainings(TrainingForms):
    name, path = "trainings", "/trainings"

    @route("", name="trainings")
    async def index(self, request: Request) -> Response:
        policy, context = self.house.book.policy("training"), await self.read(_overview)
        me = who(request)
        context["mine"] = me.id if me.role == "trainer" else None
        context |= {"categories": CATEGORIES, "policy": policy, "slots": usual_slots(policy)}
        wanted = request.query_params.get("course")  # the form is open, with this course in it
        context["chosen"] = next((one for one in context["courses"] if str(one.id) == wanted), None)
        context["today"] = self.house.local(self.house.clock.now()).date()
        return self.show(request, "trainings.html", context)

    @route("/course", methods=["POST"], name="training-course")
    async def course(self, request: Request) -> Response:
        form, at = await self.form(request), self.house.clock.now()

        def change(session: Session) -> str:
            title, category = field(form, "title"), field(form, "category")
            course = add_course(session, title=title, category=category, outline=None, at=at)
            return f"/console/trainings?course={course.id}"

        return await self.do_and_tell(
            request, change, back="/console/trainings", done="trainings.course_made"
        )

    @route("/add", methods=["POST"], name="training-add")
    async def add(self, request: Request) -> Response:
        form, at = await self.form(request), self.house.clock.now()

        def change(session: Session) -> str:
            plan = plan_from(self.house, form)
            return f"/console/trainings/{plan_session(session, self.house, plan, at=at).code}"

        return await self.do_and_tell(request, change, back="/console/trainings", done="trainings.planned")


def _overview(session: Session) -> dict[str, Any]:
    query = (
        select(TrainingSession)
        .order_by(TrainingSession.starts_at.desc(), TrainingSession.id.desc())
        .limit(MOST)
    )
    sessions = list(session.scalars(query))
    courses = list(session.scalars(select(Course).where(Course.active).order_by(Course.title)))
    return {
        "sessions": sessions,
        "counts": counts(session, [training.id for training in sessions]),
        "courses": courses,
        "last_trainers": last_trainers(session, courses),
        "people": people(session),
        "trends": {
            "trainer": trends_by_trainer(session, sessions=CHARTED),
            "course": trends_by_course(session, sessions=CHARTED),
        },
    }


def people(session: Session) -> list[Staff]:
    """Who may be trainer or head."""
    return list(session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)))
