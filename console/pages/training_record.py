"""The record of a session: pictures added and shown, and all of it as Excel or PDF."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette_admin.routing import route

from console.language import language
from console.page import Page, back_to, who
from console.pages.files import HEADERS
from console.pages.training_form import TrainingForms, find, find_locked, page_of
from core.house import House
from core.media.photo import MEGA, BadPhoto, PhotoRules, keep_photo
from core.media.store import MediaStore
from core.staff.model import Reveal
from core.training.model import TrainingPhoto
from core.training.photos import add_photo, photo_in, remove_photo
from core.training.record import Record, record_of
from core.training.record_excel import record_excel
from core.training.record_pdf import record_pdf

KINDS = {
    "xlsx": (record_excel, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (record_pdf, "application/pdf"),
}


class TrainingRecord(TrainingForms):
    """Told by ``training_record_page`` where files lie; without a place for them there are no pictures."""

    name, path = "trainings", "/trainings/{code:str}"
    store: MediaStore | None

    @route("/record.{kind:str}", name="training-record")
    async def record(self, request: Request) -> Response:
        kind, spoken = request.path_params["kind"], language()
        if kind not in KINDS:
            raise HTTPException(404)
        write, mime = KINDS[kind]

        def look(session: Session) -> Record:
            return record_of(session, self.house, find(session, request), language=spoken)

        record = await self.read(look)
        if kind == "xlsx":  # it has phone numbers in full
            subject = f"training:{record.code}"
            row = Reveal(at=datetime.now(UTC), staff=who(request).name, subject=subject, field="record")
            await self.write(lambda session: session.add(row))
        content = await run_in_threadpool(write, self.house, record, self.store, language=spoken)
        named = f"attachment; filename=\"{record.code}.{kind}\"; filename*=utf-8''{quote(f'{record.title} {record.code}.{kind}')}"
        return Response(
            content,
            media_type=mime,
            headers={"Content-Disposition": named, "Cache-Control": "private, no-store"},
        )

    @route("/photos", methods=["POST"], name="training-photos")
    async def add(self, request: Request) -> Response:
        form, at, back, by = (
            await self.form(request),
            self.house.clock.now(),
            page_of(request),
            who(request).name,
        )
        store, rules = self._kept_in(), PhotoRules.of(self.house.book.policy("photos"))
        try:
            kept = [
                await run_in_threadpool(
                    keep_photo, store, await one.read(int(rules.most_mb * MEGA) + 1), rules
                )
                for one in form.getlist("photo")[: rules.most]
                if hasattr(one, "read")
            ]
        except BadPhoto as error:
            self.refused(request, error)
            return back_to(back)

        def change(session: Session) -> str:
            training = find_locked(session, request)
            for photo in kept:
                add_photo(session, training, photo, most=rules.most, by=by, at=at)
            return back

        return await self.do_and_tell(request, change, back=back)

    @route("/photos/{photo:int}", name="training-photo")
    async def photo(self, request: Request) -> Response:
        photo = await self.read(lambda session: _photo(session, request))
        try:
            path = self._kept_in().open(photo.path)
        except FileNotFoundError as gone:
            raise HTTPException(404) from gone
        return FileResponse(path, media_type=photo.mime, headers={**HEADERS, "Content-Disposition": "inline"})

    @route("/photos/{photo:int}/remove", methods=["POST"], name="training-photo-remove")
    async def remove(self, request: Request) -> Response:
        await self.form(request)
        back, alone = page_of(request), []

        def change(session: Session) -> str:
            find_locked(session, request)
            photo = _photo(session, request)
            if remove_photo(session, photo):
                alone.append(photo.path)
            return back

        answer = await self.do_and_tell(request, change, back=back)
        for path in alone:
            self._kept_in().remove(path)
        return answer

    def _kept_in(self) -> MediaStore:
        if self.store is None:
            raise HTTPException(404)
        return self.store


def training_record_page(store: MediaStore | None) -> Callable[[House], Page]:
    """The page, told where the files lie."""

    def page(house: House) -> Page:
        made = TrainingRecord(house)
        made.store = store
        return made

    return page


def _photo(session: Session, request: Request) -> TrainingPhoto:
    photo = photo_in(session, find(session, request), request.path_params["photo"])
    if photo is None:
        raise HTTPException(404)
    return photo
