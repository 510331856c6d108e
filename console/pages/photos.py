"""Pictures of a record, added, shown and taken away; of a training session, and of a visit of a round."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette_admin.routing import route

from console.page import Page, back_to, who
from console.pages.files import HEADERS
from console.pages.round_form import RoundForms, visit_recorded, visit_seen
from console.pages.training_form import TrainingForms, find, find_locked
from core.house import House
from core.media.album import Album, Photo, add_photos, photo_in, remove_photo
from core.media.photo import MEGA, BadPhoto, PhotoRules, tidy
from core.media.store import MediaStore


class Photos(Page):
    """Told by ``photo_pages`` where files lie; without a place for them there are no pictures."""

    store: MediaStore | None
    do_and_tell: Any  # of the forms beside which the pictures stand
    refused: Any

    def seen(self, request: Request, session: Session) -> Album:
        """The album in the address; 404 for who may not see it."""
        raise NotImplementedError

    def changed(self, request: Request, session: Session, *, held: bool) -> Album:
        """The same for who may change it, else 403; ``held`` so that nobody else changes it meanwhile."""
        raise NotImplementedError

    @route("", methods=["POST"])
    async def add(self, request: Request) -> Response:
        # Asked before a body of many megabytes is read.
        await self.read(lambda session: self.changed(request, session, held=False))
        at, by, back = self.house.clock.now(), who(request).name, _back(request)
        rules = PhotoRules.of(self.house.book.policy("photos"))
        try:
            contents = await self._tidied(await request.form(), rules)
        except BadPhoto as error:
            self.refused(request, error)
            return back_to(back)

        def change(session: Session) -> str:
            album = self.changed(request, session, held=True)
            add_photos(session, self._store(), album, contents, most=rules.most, by=by, at=at)
            return back

        return await self.do_and_tell(request, change, back=back)

    @route("/{photo:int}")
    async def photo(self, request: Request) -> Response:
        photo = await self.read(lambda session: _photo(request, session, self.seen(request, session)))
        try:
            path = self._store().open(photo.path)
        except FileNotFoundError as gone:
            raise HTTPException(404) from gone
        return FileResponse(path, media_type=photo.mime, headers={**HEADERS, "Content-Disposition": "inline"})

    @route("/{photo:int}/remove", methods=["POST"])
    async def remove(self, request: Request) -> Response:
        back, alone = _back(request), list[str]()

        def change(session: Session) -> str:
            photo = _photo(request, session, self.changed(request, session, held=True))
            if remove_photo(session, photo):
                alone.append(photo.path)
            return back

        answer = await self.do_and_tell(request, change, back=back)
        for path in alone:
            self._store().remove(path)
        return answer

    async def _tidied(self, form: Any, rules: PhotoRules) -> list[bytes]:
        self._store()  # 404 before the work, where there is none
        most = int(rules.most_mb * MEGA) + 1
        files = [one for one in form.getlist("photo")[: rules.most] if hasattr(one, "read")]
        return [await run_in_threadpool(tidy, await one.read(most), rules) for one in files]

    def _store(self) -> MediaStore:
        if self.store is None:
            raise HTTPException(404)
        return self.store


class TrainingPhotos(Photos, TrainingForms):
    """Of a session: for who may change its page."""

    name, path = "trainings", "/trainings/{code:str}/photos"

    def seen(self, request: Request, session: Session) -> Album:
        return Album(session_id=find(session, request).id)

    def changed(self, request: Request, session: Session, *, held: bool) -> Album:
        self.may_change(request)
        return Album(session_id=(find_locked if held else find)(session, request).id)


class VisitPhotos(Photos, RoundForms):
    """Of a visit: for who plans, and who goes there."""

    name, path = "rounds", "/rounds/visits/{visit:int}/photos"

    def seen(self, request: Request, session: Session) -> Album:
        return Album(visit_id=visit_seen(request, session).id)

    def changed(self, request: Request, session: Session, *, held: bool) -> Album:
        return Album(visit_id=visit_recorded(request, session, held=held).id)


def photo_pages(store: MediaStore | None) -> list[Callable[[House], Page]]:
    """The pages, told where the files lie."""

    def told(kind: type[Photos]) -> Callable[[House], Page]:
        def page(house: House) -> Page:
            made = kind(house)
            made.store = store
            return made

        return page

    return [told(TrainingPhotos), told(VisitPhotos)]


def _photo(request: Request, session: Session, album: Album) -> Photo:
    photo = photo_in(session, album, request.path_params["photo"])
    if photo is None:
        raise HTTPException(404)
    return photo


def _back(request: Request) -> str:
    """The page of the record."""
    return request.url.path.partition("/photos")[0]
