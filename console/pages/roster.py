"""The duty roster 值班: a week as a grid, and how shifts, swaps and absences are entered."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.orders import Unclear, kindly
from console.desk.roster import WEEK, Week, week_from
from console.language import language
from console.page import Page, back_to, may, who
from console.pages.promises import week_of
from console.wording import say
from core.house import House
from core.roster.model import Shift
from core.roster.plan import add_absence, add_shift, remove_absence, remove_shift, span
from core.roster.swap import swap_shift
from core.staff.refusal import Refused, UnknownStaff

_Form = Mapping[str, Any]


class Roster(Page):
    """A week of shifts, absences and deputies; overlaps are refused."""

    name, path = "roster", "/roster"

    @route("", name="roster")
    async def index(self, request: Request) -> Response:
        now, asked = self.house.clock.now(), request.query_params
        today, spoken = self.house.local(now).date(), language()
        first = week_of(_day(asked.get("week")) or today)[0]

        def look(session: Session) -> tuple[Week, Shift | None]:
            number = asked.get("shift") or ""
            chosen = session.get(Shift, int(number)) if number.isdecimal() and len(number) < 10 else None
            return week_from(session, self.house, first, at=now, language=spoken), chosen

        week, chosen = await self.read(look)
        context = {
            "week": week,
            "chosen": chosen,
            "first": first,
            "today": today,
            "before": first - timedelta(days=WEEK),
            "after": first + timedelta(days=WEEK),
            "person": asked.get("person") or "",
            "day": _day(asked.get("day")) or max(today, first),
            "local": self.house.local,
            "span": lambda row: span(self.house, row.starts_at, row.ends_at),
        }
        return self.show(request, "roster.html", context)

    @route("/do", methods=["POST"], name="roster-do")
    async def do(self, request: Request) -> Response:
        if self.name not in may(request).edits:
            raise HTTPException(403)
        form, by = await request.form(), who(request).name
        verb, week = str(form.get("verb") or ""), _day(str(form.get("week") or ""))
        step = STEPS.get(verb)
        if step is None:
            raise HTTPException(404)
        try:
            await self.write(lambda session: step(session, self.house, form, by))
        except (Unclear, Refused, UnknownStaff) as error:
            flash(request, kindly(self.house, error), "error")
        else:
            flash(request, say(f"roster.done.{verb}"), "success")
        return back_to(f"/console/roster?week={week}" if week else "/console/roster")


def _shift(session: Session, house: House, form: _Form, by: str) -> None:
    start, end = _span(house, form)
    note = str(form.get("note") or "").strip()[:200] or None
    add_shift(session, house, staff=_text(form, "staff"), starts_at=start, ends_at=end, note=note, by=by)


def _swap(session: Session, house: House, form: _Form, by: str) -> None:
    start, end = _span(house, form)
    swap_shift(
        session,
        house,
        _number(form),
        giver=_text(form, "giver"),
        taker=_text(form, "taker"),
        starts_at=start,
        ends_at=end,
        by=by,
        at=house.clock.now(),
    )


def _remove(session: Session, house: House, form: _Form, by: str) -> None:
    remove_shift(session, _number(form), by=by)


def _absence(session: Session, house: House, form: _Form, by: str) -> None:
    start, end = _span(house, form)
    deputy = _text(form, "deputy") or None
    add_absence(
        session, house, staff=_text(form, "staff"), starts_at=start, ends_at=end, deputy=deputy, by=by
    )


def _back(session: Session, house: House, form: _Form, by: str) -> None:
    remove_absence(session, _number(form), by=by)


STEPS: dict[str, Callable[[Session, House, _Form, str], None]] = {
    "shift": _shift,
    "swap": _swap,
    "remove": _remove,
    "absence": _absence,
    "back": _back,
}


def _text(form: _Form, field: str) -> str:
    return str(form.get(field) or "").strip()[:60]


def _number(form: _Form) -> int:
    number = _text(form, "number")
    if not number.isdecimal() or len(number) > 9:
        raise Refused("roster.gone")
    return int(number)


def _span(house: House, form: _Form) -> tuple[datetime, datetime]:
    """From and until as they stand on the house's wall clock."""
    try:
        start, end = (datetime.fromisoformat(_text(form, field)) for field in ("from", "until"))
        moments = start.replace(tzinfo=house.zone), end.replace(tzinfo=house.zone)
        return moments[0].astimezone(UTC), moments[1].astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unclear(say("roster.no_time")) from error


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year < 3000 else None
