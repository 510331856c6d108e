"""What was sold, one by one or as a list, so that the plans that follow a sale know of it."""

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.language import language
from console.page import Page, back_to, permit
from console.pages.plans import HERE
from console.wording import say
from core.programme.sale import Sale, register_sale
from core.programme.sales_list import import_sales
from core.staff.refusal import Refused, in_words

MOST_BYTES = 5_000_000


class Sales(Page):
    """Two forms on the page of the plans; whoever may register sales need not be allowed to edit plans."""

    name, path = "plans", "/plans/do"
    index = None  # nothing of its own here: an inherited one would be where the log-in leads

    @route("/sale", methods=["POST"], name="plan-sale")
    async def sale(self, request: Request) -> Response:
        permit(request, "sales")
        form, at = await request.form(), self.house.clock.now()

        def change(session: Session) -> None:
            told = {name: str(value) for name, value in form.items() if isinstance(value, str)}
            register_sale(session, self.house, Sale.of(self.house, told), at=at)

        return await self.write_and_tell(request, change, "plans.sold", back=HERE)

    @route("/sales", methods=["POST"], name="plan-sales")
    async def sales(self, request: Request) -> Response:
        permit(request, "sales")
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
