"""Courses 课程: renamed, given another product or usual times, retired and taken up again."""

from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.desk.training import field
from console.pages.training_form import TrainingForms
from core.categories import CATEGORIES
from core.training.courses import BadSession, change_course, course_lines, locked_course, retire

HERE = "/console/trainings/courses"


class Courses(TrainingForms):
    name, path = "trainings", "/trainings/courses"

    @route("", name="courses")
    async def index(self, request: Request) -> Response:
        lines = await self.read(course_lines)
        return self.show(request, "courses.html", {"lines": lines, "categories": CATEGORIES})

    @route("/{course:int}", methods=["POST"], name="course-do")
    async def do(self, request: Request) -> Response:
        form, number = await self.form(request), request.path_params["course"]
        what = field(form, "what")

        def change(session: Session) -> str:
            course = locked_course(session, number)
            if course is None or what not in ("save", "retire", "bring_back"):
                raise HTTPException(404)
            if what == "save":
                title, category = field(form, "title"), field(form, "category")
                change_course(session, course, title=title, category=category, usual=usual_from(form))
            else:
                retire(course, retired=what == "retire")
            return HERE

        done = "trainings.saved" if what == "save" else f"courses.did_{what}"
        return await self.do_and_tell(request, change, back=HERE, done=done)


def usual_from(form: Any) -> tuple[time, time] | None:
    """Both times or neither. BadSession."""
    typed = [field(form, name) for name in ("usual_from", "usual_until")]
    if not any(typed):
        return None
    try:
        start, end = (datetime.strptime(each, "%H:%M").time() for each in typed)
    except ValueError as wrong:
        raise BadSession("usual") from wrong
    return start, end
