"""Codes for people to scan: made for appliances, with how often they were scanned."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.language import language
from console.outside import Links
from console.page import Page, back_to, may, who
from console.wording import say
from core.categories import CATEGORIES
from core.customer.codes import BadCode, Product, make_product_code, product_codes
from core.customer.picture import picture
from core.customer.scene import Scene
from core.house import House

MOST = 200
FIELDS = ("category", "brand", "model", "serial", "purchase_date")
KINDS = {"svg": "image/svg+xml", "png": "image/png"}


class Codes(Page):
    """Codes for appliances: made, listed, shown to be printed."""

    name, path = "codes", "/codes"
    links: Links  # where codes lead

    @route("", name="codes")
    async def index(self, request: Request) -> Response:
        codes = await self.read(lambda session: product_codes(session, limit=MOST))
        context = {"codes": codes, "categories": CATEGORIES, "most": MOST}
        return self.show(request, "codes.html", context)

    @route("/add", methods=["POST"], name="codes-add")
    async def add(self, request: Request) -> Response:
        if self.name not in may(request).edits:
            raise HTTPException(403)
        form = await request.form()
        at, by = self.house.clock.now(), who(request).name
        product = Product(**{name: str(form.get(name) or "") for name in FIELDS})
        today = self.house.local(at).date()

        def change(session: Session) -> str:
            return make_product_code(session, product, at=at, today=today, by=by)

        try:
            token = await self.write(change)
        except BadCode as error:
            flash(request, self.house.book.text("error.BadCode", language(), why=error.why), "error")
            return back_to("/console/codes")
        flash(request, say("codes.made"), "success")
        return back_to(f"/console/codes/{token}")

    @route("/{token:str}", name="code")
    async def one(self, request: Request) -> Response:
        code = await self._code(request)
        return self.show(request, "code.html", await shown(self.links, code))

    @route("/{token:str}/picture.{kind:str}", name="code-picture")
    async def image(self, request: Request) -> Response:
        code, kind = await self._code(request), request.path_params["kind"]
        found = (await shown(self.links, code))["links"]
        if kind not in KINDS or not found:
            raise HTTPException(404)
        return image_of(next(iter(found.values())), kind, code.token)

    async def _code(self, request: Request) -> Scene:
        code = await self.read(lambda session: session.get(Scene, request.path_params["token"]))
        if code is None or code.purpose != "product":
            raise HTTPException(404)
        return code


def codes_page(links: Links) -> Callable[[House], Page]:
    """The page, told where codes lead."""

    def page(house: House) -> Codes:
        made = Codes(house)
        made.links = links
        return made

    return page


async def shown(links: Links, code: Scene) -> dict[str, Any]:
    """A code with where it leads; asking a provider what our bot is called may take a moment."""
    return {"code": code, "links": await run_in_threadpool(links.of, code.token)}


def image_of(link: str, kind: str, name: str) -> Response:
    """A QR code that runs no script, whatever its address holds."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Content-Disposition": f'inline; filename="{name}.{kind}"',
        "Cache-Control": "private, no-store",
    }
    return Response(picture(link, kind), media_type=KINDS[kind], headers=headers)
