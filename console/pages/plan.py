"""One plan of the follow-up programme: its form with a look at its next dates, and its switch."""

from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.plan_form import BLANK, day_of, preview, row_of, times, values_of
from console.language import language
from console.page import Page, back_to, permit, who
from console.pages.plans import HERE
from console.wording import say
from core.categories import CATEGORIES
from core.programme.edit import save_plan, switch
from core.programme.model import FollowUpPlan
from core.programme.plan import ACTIONS, OF_A_SERVICE, QUESTIONS, STOPS, TRIGGERS, WAYS, Plan
from core.promise.sla import contracts
from core.staff.refusal import Refused, in_words


class PlanPage(Page):
    """A new plan, and an existing one."""

    name, path = "plans", "/plans"
    index = None  # nothing of its own here: an inherited one would be where the log-in leads

    @route("/do/new", name="plan-new")
    async def new(self, request: Request) -> Response:
        permit(request, "plans")
        return self._form(request, values_of(BLANK), new=True)

    @route("/do/new", methods=["POST"], name="plan-add")
    async def add(self, request: Request) -> Response:
        return await self._save(request, None)

    @route("/{plan:str}", name="plan")
    async def one(self, request: Request) -> Response:
        name = request.path_params["plan"]
        row = await self.read(lambda session: session.get(FollowUpPlan, name))
        if row is None:
            raise HTTPException(404)
        plan, event = self.house.book.plan(name), day_of(request.query_params.get("event"))
        return self._form(request, values_of(row), plan=plan, event=event)

    @route("/{plan:str}", methods=["POST"], name="plan-save")
    async def save(self, request: Request) -> Response:
        return await self._save(request, request.path_params["plan"])

    @route("/{plan:str}/switch", methods=["POST"], name="plan-switch")
    async def turn(self, request: Request) -> Response:
        permit(request, "plans")
        form, name = await request.form(), request.path_params["plan"]
        active, by, at = form.get("active") == "1", who(request).name, self.house.clock.now()
        if not await self.write(lambda s: switch(s, self.house, name, active=active, by=by, at=at)):
            raise HTTPException(404)
        flash(request, say("plans.is_on" if active else "plans.is_off", name=name), "success")
        return back_to(HERE)

    async def _save(self, request: Request, name: str | None) -> Response:
        """What was typed stays in the form when it is refused."""
        permit(request, "plans")
        row, by, at = row_of(await request.form()), who(request).name, self.house.clock.now()
        if name is not None:
            row["name"] = name
        try:
            await self.write(lambda s: save_plan(s, self.house, row, new=name is None, by=by, at=at))
        except Refused as refused:
            wrong = in_words(self.house.book, refused, language())
            return self._form(request, values_of(row), new=name is None, wrong=wrong)
        flash(request, say("plans.saved", name=row["name"]), "success")
        return back_to(f"{HERE}/{row['name']}")

    def _form(
        self,
        request: Request,
        values: dict[str, Any],
        *,
        new: bool = False,
        plan: Plan | None = None,
        event: date | None = None,
        wrong: str = "",
    ) -> Response:
        event = event or self.house.local(self.house.clock.now()).date()
        context = {
            "values": values,
            "new": new,
            "wrong": wrong,
            "plan": plan,
            "event": event,
            "dates": preview(self.house, plan, event) if plan else [],
            "in_words": times(plan) if plan else "",
            "choices": {
                "trigger": TRIGGERS,
                "action": ACTIONS,
                "questions": OF_A_SERVICE.get(values["name"], QUESTIONS),
                "stops": STOPS,
                "contracts": contracts(self.house.book.policy("sla")),
            },
            "ways": WAYS,
            "categories": CATEGORIES,
        }
        return self.show(request, "plan.html", context)
