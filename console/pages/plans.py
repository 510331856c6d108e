"""The follow-up programme 回访计划: its plans with a switch each, and launches of products."""

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.desk.plan_form import day_of, text_of, times
from console.language import language
from console.page import Page, permit, who
from core.care.model import FollowUp
from core.categories import CATEGORIES
from core.programme.edit import add_launch
from core.programme.model import FollowUpPlan, ProductLaunch
from core.programme.report import product
from core.staff.refusal import Refused

HERE = "/console/plans"


class Plans(Page):
    """All plans with their switches, and the launches that some of them begin with."""

    name, path = "plans", "/plans"

    @route("", name="plans")
    async def index(self, request: Request) -> Response:
        now = self.house.clock.now()

        def look(session: Session) -> dict[str, Any]:
            rows = session.scalars(
                select(FollowUpPlan).order_by(FollowUpPlan.trigger, FollowUpPlan.name)
            ).all()
            launches = session.scalars(
                select(ProductLaunch).order_by(ProductLaunch.launched_on.desc(), ProductLaunch.id.desc())
            )
            return {"rows": rows, "launches": launches.all(), "counts": _counts(session)}

        context = await self.read(look)
        plans = {row.name: plan for row in context["rows"] if (plan := self.house.book.plan(row.name))}
        context |= {
            "plans": plans,
            "times": {name: times(plan) for name, plan in plans.items()},
            "categories": CATEGORIES,
            "product": lambda launch: product(self.house, launch, language()),
            "today": self.house.local(now).date(),
        }
        return self.show(request, "plans.html", context)

    @route("/do/launch", methods=["POST"], name="plan-launch")
    async def launch(self, request: Request) -> Response:
        permit(request, "plans")
        form, by, at = await request.form(), who(request).name, self.house.clock.now()

        def change(session: Session) -> None:
            first, last = day_of(text_of(form, "launched_on")), day_of(text_of(form, "watched_until"))
            if first is None or last is None:
                raise Refused("plan.bad.moment")
            named = {name: text_of(form, name) or None for name in ("brand", "model")}
            add_launch(session, self.house, category=text_of(form, "category"), launched_on=first,
                       watched_until=last, by=by, at=at, **named)  # fmt: skip

        return await self.write_and_tell(request, change, "plans.launched", back=HERE)


def _counts(session: Session) -> dict[str, tuple[int, int]]:
    """Plan → how many customers are to be asked soon, and how many were asked so far."""
    soon = func.sum(case((FollowUp.asked_at.is_(None) & FollowUp.outcome.is_(None), 1), else_=0))
    query = select(FollowUp.plan, soon, func.count(FollowUp.asked_at)).group_by(FollowUp.plan)
    return {row[0]: (int(row[1] or 0), row[2]) for row in session.execute(query)}
