"""The voice menu 语音菜单: its text, checked by every rule before it is kept, and drawn."""

from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.page import Page, back_to, may, who
from console.wording import say
from core.knowledge.book import LANGUAGES
from core.knowledge.revisions import keep
from ivr.diagram import draw
from ivr.edit import checked, save, text_in_force

LONGEST = 60_000  # characters


class VoiceMenu(Page):
    """The menu of the telephone as YAML, checked before it is in force (ivr/rules.py)."""

    name, path = "voice_menu", "/voice-menu"

    @route("", name="voice-menu")
    async def index(self, request: Request) -> Response:
        language = _language(request.query_params.get("language"))
        text = await self.read(lambda session: text_in_force(session, language))
        return self._page(request, language, text, [])

    @route("/{language:str}", methods=["POST"], name="voice-menu-save")
    async def change(self, request: Request) -> Response:
        if self.name not in may(request).edits:
            raise HTTPException(403)
        language = _language(request.path_params["language"])
        text = str((await request.form()).get("text") or "").replace("\r\n", "\n")[:LONGEST]
        _, wrong = checked(self.house.book, text, language)
        if wrong:
            return self._page(request, language, text, wrong, status_code=422)
        by = who(request).name

        def kept(session: Session) -> None:
            before = {"text": text_in_force(session, language)}
            save(session, text, language)
            keep(session, f"menu:{language}", {"text": text}, by=by, before=before)

        await self.write(kept)
        flash(request, say("voice_menu.saved"), "success")
        return back_to(f"/console/voice-menu?language={language}")

    def _page(
        self, request: Request, language: str, text: str, wrong: list[str], status_code: int = 200
    ) -> Response:
        menu, _ = checked(self.house.book, text, language)
        context: dict[str, Any] = {
            "languages": LANGUAGES,
            "chosen": language,
            "text": text,
            "wrong": wrong,
            "diagram": Markup(draw(menu, title=say("menu.voice_menu"))) if menu and menu.nodes else "",
        }
        return self.show(request, "voice_menu.html", context, status_code)


def _language(asked: str | None) -> str:
    return asked if asked in LANGUAGES else LANGUAGES[0]
