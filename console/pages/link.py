"""Linking and unlinking from a ticket's page: a code for the customer to scan, an identity taken out of the file."""

import base64
from collections.abc import Callable

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.dossier import Dossier, dossier
from console.language import language
from console.outside import Links
from console.page import Page, back_to, may, who
from console.pages.ticket import own_name
from console.wording import say
from core.customer.codes import BIND_HOURS, make_linking_code
from core.customer.desk import UnknownIdentity, unlinked_by_desk
from core.customer.picture import picture
from core.house import House
from core.ticket.lifecycle import note

VERB = "update"  # who may correct a customer's facts may correct who is who


class TicketLink(Page):
    """Told by ``link_page`` where codes lead."""

    name, path = "tickets", "/tickets/{number:str}/link"
    links: Links

    @route("/code", methods=["POST"], name="ticket-link-code")
    async def code(self, request: Request) -> Response:
        """Shown once, in this answer only: whoever has it is offered the file."""
        at, by = self.house.clock.now(), who(request).name

        def change(session: Session) -> str:
            file = _file(session, request)
            note(session, file.ticket, verb="link_code", at=at, actor=by, channel="staff", audience="staff")
            return make_linking_code(session, file.customer, at=at, by=by)

        token = await self.write(change)
        found = await run_in_threadpool(self.links.of, token)
        image = base64.b64encode(picture(next(iter(found.values())))).decode() if found else None
        context = {"token": token, "links": found, "image": image, "hours": BIND_HOURS}
        context["number"] = request.path_params["number"]
        response = self.show(request, "link_code.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    @route("/unlink", methods=["POST"], name="ticket-unlink")
    async def unlink(self, request: Request) -> Response:
        which = str((await request.form()).get("identity") or "")
        at, by = self.house.clock.now(), who(request).name

        def change(session: Session) -> None:
            customer = _file(session, request).customer
            unlinked_by_desk(session, which, customer_id=customer.id, at=at, actor=by)

        try:
            await self.write(change)
        except UnknownIdentity as error:
            text = self.house.book.text("error.UnknownIdentity", language(), which=error.which)
            flash(request, text, "error")
        else:
            flash(request, say("customer.unlinked"), "success")
        return back_to(request.url.path.removesuffix("/link/unlink"))


def link_page(links: Links) -> Callable[[House], Page]:
    """The page, told where codes lead."""

    def page(house: House) -> TicketLink:
        made = TicketLink(house)
        made.links = links
        return made

    return page


def _file(session: Session, request: Request) -> Dossier:
    if VERB not in may(request).verbs:
        raise HTTPException(403)
    file = dossier(session, request.path_params["number"], own_name(request))
    if file is None:
        raise HTTPException(404)
    return file
