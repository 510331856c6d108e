"""The pictures of an article's steps: shown as the customer sees them, added, replaced and taken away; each is a version."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.language import language
from console.page import Page, back_to, permit, who
from console.wording import say
from core.knowledge.model import Article, StepPicture
from core.knowledge.pictures import keep_picture, picture_of, step_picture
from core.knowledge.revisions import contents, keep
from core.media.photo import MEGA, BadPhoto, PhotoRules, tidy


class StepPictures(Page):
    name, path = "articles", "/step-pictures/{slug:str}"

    @route("", name="step-pictures")
    async def index(self, request: Request) -> Response:
        def look(session: Session) -> dict[str, Any]:
            article = _article(session, request)
            steps = range(1, len(article.steps) + 1)
            return {"article": article, "pictures": {n: picture_of(session, article, n) for n in steps}}

        return self.show(request, "step_pictures.html", await self.read(look))

    @route("/{step:int}", methods=["POST"], name="step-picture")
    async def do(self, request: Request) -> Response:
        permit(request, "articles")
        step, back = request.path_params["step"], request.url.path.rpartition("/")[0]
        form = await request.form()
        try:
            picture = None if form.get("remove") else await self._picture(form.get("picture"))
        except BadPhoto as error:
            why = say(f"trainings.bad_{error.why}")
            flash(request, self.house.book.text("error.BadPhoto", language(), why=why), "error")
            return back_to(f"{back}#step-{step}")

        def change(session: Session) -> bool:
            article = _article(session, request, held=True)
            # Steps may have been edited while this page was open: the picture belongs to the words it was chosen for.
            if not 0 < step <= len(article.steps) or article.steps[step - 1] != form.get("text"):
                return False
            _put(session, article, step, picture, by=who(request).name)
            return True

        if await self.write(change):
            flash(
                request, say("step_pictures.removed" if picture is None else "step_pictures.saved"), "success"
            )
        else:
            flash(request, say("step_pictures.edited"), "error")
        return back_to(f"{back}#step-{step}")

    async def _picture(self, upload: Any) -> StepPicture:
        """Tidied as every photo is; BadPhoto."""
        rules = PhotoRules.of(self.house.book.policy("photos"))
        content = await upload.read(int(rules.most_mb * MEGA) + 1) if hasattr(upload, "read") else b""
        return step_picture(await run_in_threadpool(tidy, content, rules))


def _article(session: Session, request: Request, *, held: bool = False) -> Article:
    found = session.get(Article, request.path_params["slug"], with_for_update=held or None)
    if found is None:
        raise HTTPException(404)
    return found


def _put(session: Session, article: Article, step: int, picture: StepPicture | None, *, by: str) -> None:
    before = contents(article)
    pictures = {number: known for number, known in article.pictures.items() if number != str(step)}
    if picture is not None:
        pictures[str(step)] = keep_picture(session, picture)
    if pictures == article.pictures:
        return
    article.pictures = pictures
    session.flush()
    keep(session, f"article:{article.slug}", contents(article), by=by, before=before)
