"""The follow-up programme 回访计划: its plans with a switch each, one plan with a look at its next dates, launches and sales."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.plan_form import BLANK, row_of, times, values_of
from console.language import language
from console.page import Page, back_to, may, who
from console.wording import say
from core.care.model import FollowUp
from core.categories import CATEGORIES
from core.house import House
from core.programme.edit import add_launch, save_plan, switch
from core.programme.model import FollowUpPlan, ProductLaunch
from core.programme.plan import ACTIONS, OF_A_SERVICE, QUESTIONS, STOPS, TRIGGERS, WAYS, Plan
from core.programme.report import product
from core.programme.sale import Sale, register_sale
from core.programme.sales_list import import_sales
from core.promise.sla import contracts
from core.staff.refusal import Refused, in_words

SHOWN = 12  # dates of a preview
FAR = timedelta(days=366 * 5)
MOST_BYTES = 5_000_000
HERE = "/console/plans"


class Plans(Page):
    name, path = "plans", "/plans"

    @route("", name="plans")
    async def index(self, request: Request) -> Response:
        now = self.house.clock.now()

        def look(session: Session) -> dict[str, Any]:
            rows = session.scalars(
                select(FollowUpPlan).order_by(FollowUpPlan.trigger, FollowUpPlan.name)
            ).all()
            launches = session.scalars(select(ProductLaunch).order_by(ProductLaunch.launched_on.desc()))
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

    @route("/do/new", name="plan-new")
    async def new(self, request: Request) -> Response:
        self._permit(request)
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
        plan, event = self.house.book.plan(name), _day(request.query_params.get("event"))
        return self._form(request, values_of(row), plan=plan, event=event)

    @route("/{plan:str}", methods=["POST"], name="plan-save")
    async def save(self, request: Request) -> Response:
        return await self._save(request, request.path_params["plan"])

    @route("/{plan:str}/switch", methods=["POST"], name="plan-switch")
    async def turn(self, request: Request) -> Response:
        self._permit(request)
        form, name = await request.form(), request.path_params["plan"]
        active, by, at = form.get("active") == "1", who(request).name, self.house.clock.now()
        if not await self.write(lambda s: switch(s, self.house, name, active=active, by=by, at=at)):
            raise HTTPException(404)
        flash(request, say("plans.is_on" if active else "plans.is_off", name=name), "success")
        return back_to(HERE)

    @route("/do/launch", methods=["POST"], name="plan-launch")
    async def launch(self, request: Request) -> Response:
        self._permit(request)
        form, by, at = await request.form(), who(request).name, self.house.clock.now()

        def change(session: Session) -> None:
            first, last = _day(_text(form, "launched_on")), _day(_text(form, "watched_until"))
            if first is None or last is None:
                raise Refused("plan.bad.moment")
            named = {name: _text(form, name) or None for name in ("brand", "model")}
            add_launch(session, self.house, category=_text(form, "category"), launched_on=first,
                       watched_until=last, by=by, at=at, **named)  # fmt: skip

        return await self._do(request, change, "plans.launched")

    @route("/do/sale", methods=["POST"], name="plan-sale")
    async def sale(self, request: Request) -> Response:
        self._permit(request, "sales")
        form, at = await request.form(), self.house.clock.now()

        def change(session: Session) -> None:
            told = {name: str(value) for name, value in form.items() if isinstance(value, str)}
            register_sale(session, self.house, Sale.of(self.house, told), at=at)

        return await self._do(request, change, "plans.sold")

    @route("/do/sales", methods=["POST"], name="plan-sales")
    async def sales(self, request: Request) -> Response:
        self._permit(request, "sales")
        form, at, spoken = await request.form(), self.house.clock.now(), language()
        upload = form.get("list")
        content = await upload.read(MOST_BYTES) if hasattr(upload, "read") else b""
        name = getattr(upload, "filename", "") or "—"
        try:
            done = await self.write(
                lambda s: import_sales(s, self.house, name=name, content=content, at=at, language=spoken)
            )
        except Refused as refused:
            flash(request, in_words(self.house.book, refused, spoken), "error")
            return back_to(HERE)
        flash(request, say("plans.sold_many", count=done.registered), "success")
        for number, why in done.refused[:20]:
            flash(request, say("plans.sold_not", row=number, why=why), "warning")
        return back_to(HERE)

    async def _do(self, request: Request, change: Any, done: str) -> Response:
        try:
            await self.write(change)
        except Refused as refused:
            flash(request, in_words(self.house.book, refused, language()), "error")
        else:
            flash(request, say(done), "success")
        return back_to(HERE)

    async def _save(self, request: Request, name: str | None) -> Response:
        """What was typed stays in the form when it is refused."""
        self._permit(request)
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

    def _permit(self, request: Request, what: str = "plans") -> None:
        if what not in may(request).edits:
            raise HTTPException(403)


def preview(house: House, plan: Plan, event: date) -> list[datetime]:
    """The first dates of a plan for an event on this day; a calendar plan's from this day on."""
    moment = datetime.combine(event, time(), house.zone)
    if plan.trigger == "calendar" and plan.starts_on is not None:
        return plan.dates(plan.starts_on, since=moment, until=moment + FAR, zone=house.zone)[:SHOWN]
    start = datetime.combine(event, plan.clock, house.zone)
    return plan.dates(start, since=moment - FAR, until=moment + FAR, zone=house.zone)[:SHOWN]


def _counts(session: Session) -> dict[str, tuple[int, int]]:
    """Plan → how many customers are to be asked soon, and how many were asked so far."""
    soon = func.sum(case((FollowUp.asked_at.is_(None) & FollowUp.outcome.is_(None), 1), else_=0))
    query = select(FollowUp.plan, soon, func.count(FollowUp.asked_at)).group_by(FollowUp.plan)
    return {row[0]: (int(row[1] or 0), row[2]) for row in session.execute(query)}


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1990 <= found.year < 2200 else None


def _text(form: Any, name: str) -> str:
    return str(form.get(name) or "").strip()[:60]
