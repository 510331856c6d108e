"""The language switch; the choice stays for a year."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.auth import login_not_required
from starlette_admin.helpers import safe_redirect_url
from starlette_admin.routing import route

from console.language import COOKIE, LANGUAGES, YEAR
from console.page import Page


class ChooseLanguage(Page):
    """Before the log-in, too."""

    path = "/language/{chosen:str}"

    def is_accessible(self, request: Request) -> bool:
        return True

    @route("", name="language")
    @login_not_required
    async def index(self, request: Request) -> Response:
        chosen = request.path_params["chosen"]
        if chosen not in LANGUAGES:
            raise HTTPException(404)
        home = str(request.url_for("console:index"))
        target = safe_redirect_url(request.headers.get("referer") or home, request, home)
        response = RedirectResponse(target, status_code=303)
        response.set_cookie(COOKIE, chosen, max_age=YEAR, path="/", samesite="lax")
        return response
