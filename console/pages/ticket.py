"""The ticket page: everything known, and every button that makes sense now for this person."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk import extra
from console.desk.clocks import bars
from console.desk.conversation import conversation
from console.desk.dossier import dossier, warranties
from console.desk.files import files
from console.desk.notes import note_text
from console.desk.orders import Unclear, kindly, order_from
from console.language import language
from console.page import Page, back_to, may, who
from console.wording import say
from core.categories import CATEGORIES
from core.house import House
from core.promise.sla import contracts
from core.promise.watch import clocks_of
from core.staff.assign import assign
from core.staff.refusal import REFUSALS, Refused, UnknownStaff
from core.ticket.actions import EXTRA_VERBS, act, allowed
from core.ticket.lifecycle import VERBS
from core.ticket.model import SEVERITIES, Ticket

# The usual next step of each state: the button that stands out.
NEXT = {
    "filed": "accept",
    "accepted": "dispatch",
    "dispatched": "appoint",
    "appointed": "arrive",
    "on_site": "done",
    "waiting_parts": "appoint",
    "in_repair_centre": "appoint",
    "revisit": "appoint",
    "done": "sign",
    "followed_up": "close",
}

# Orders that write to the customer, so that the person who clicks knows.
TOLD = (*VERBS, "quote")


class TicketPage(Page):
    """One ticket: the file beside it, the buttons that are allowed, what was done."""

    name, path = "tickets", "/tickets/{number:str}"

    @route("", name="ticket")
    async def index(self, request: Request) -> Response:
        own = own_name(request)

        def look(session: Session) -> dict[str, Any] | None:
            file = dossier(session, request.path_params["number"], own)
            return file and {
                "file": file,
                "bubbles": conversation(session, file.ticket),
                "files": files(session, file.ticket, own=own is not None),
                "clocks": bars(self.house, clocks_of(session, file.ticket), self.house.clock.now()),
            }

        context = await self.read(look)
        if context is None:
            return self.show(request, "missing.html", {"number": request.path_params["number"]}, 404)
        now = self.house.clock.now()
        verbs = [verb for verb in allowed(context["file"].ticket) if verb in may(request).verbs]
        context |= {
            "verbs": sorted(verbs, key=lambda verb: verb != NEXT.get(context["file"].ticket.state)),
            "suggested": NEXT.get(context["file"].ticket.state),
            "categories": CATEGORIES,
            "choices": {"severity": SEVERITIES, "contract": contracts(self.house.book.policy("sla"))},
            "told": TOLD,
            "note_text": partial(
                note_text, self.house, outlets={o.id: o.name for o in context["file"].outlets}
            ),
            "now": now,
            "tomorrow": self.house.local(now) + timedelta(days=1),
            "local": self.house.local,
            "warranties": warranties(self.house, context["file"], now),
            "once": uuid4().hex,
            "may_link": "update" in may(request).verbs,
        }
        return self.show(request, "ticket.html", context)

    @route("/conversation", name="ticket-conversation")
    async def talk(self, request: Request) -> Response:
        """The bubbles alone, for a page that stays open."""
        bubbles = await self.read(lambda session: conversation(session, self._mine(session, request)))
        return self.show(request, "_bubbles.html", {"bubbles": bubbles})

    @route("/do", methods=["POST"], name="ticket-do")
    async def do(self, request: Request) -> Response:
        form = await request.form()
        verb = str(form.get("verb") or "")
        self._permit(request, verb)
        number, by = request.path_params["number"], who(request).name

        def change(session: Session) -> None:
            self._mine(session, request)
            at = self.house.clock.now()
            if verb == "reply":
                once = str(form.get("once") or uuid4().hex)[:64]
                text = str(form.get("text") or "")
                extra.reply(session, self.house, number=number, text=text, by=by, at=at, key=once)
            elif verb == "assign":
                _assign(session, self.house, number=number, to=str(form.get("to") or ""), by=by, at=at)
            elif verb == "update":
                extra.update(session, self.house, number=number, form=form, by=by, at=at)
            elif verb in VERBS or verb in EXTRA_VERBS:
                act(session, self.house, order_from(self.house, form, number=number, verb=verb, by=by))
            else:
                raise HTTPException(404)

        try:
            await self.write(change)
        except (Unclear, Refused, *REFUSALS) as error:
            flash(request, kindly(self.house, error), "error")
        else:
            word = self.house.book.label("verb", verb, language())
            flash(request, say("done.verb", number=number, verb=word), "success")
        return back_to(request.url.path.removesuffix("/do"))

    def _permit(self, request: Request, verb: str) -> None:
        if verb not in may(request).verbs:
            raise HTTPException(403)

    def _mine(self, session: Session, request: Request) -> Ticket:
        """The ticket of this address, if this person may see it."""
        file = dossier(session, request.path_params["number"], own_name(request))
        if file is None:
            raise HTTPException(404)
        return file.ticket


def _assign(session: Session, house: House, **order: Any) -> None:
    try:
        assign(session, house, **order)
    except UnknownStaff as error:
        raise Unclear(say("refused.nobody")) from error


def own_name(request: Request) -> str | None:
    """The name that tickets must carry, for roles that see their own only."""
    return who(request).name if may(request).own_only else None
