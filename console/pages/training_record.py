"""The record of a session as Excel or PDF, and what was recorded for its questionnaire."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.language import language
from console.page import Page, who
from console.pages.files import file_answer
from console.pages.training_form import TrainingForms, find
from core.house import House
from core.media.model import Media
from core.media.store import MediaStore
from core.staff.model import Reveal
from core.training.model import TrainingReview
from core.training.record import Record, record_of

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


class TrainingRecord(TrainingForms):
    """Told by ``training_record_page`` where files lie; without a place for them there are no pictures in the record."""

    name, path = "trainings", "/trainings/{code:str}"
    store: MediaStore | None

    @route("/record.{kind:str}", name="training-record")
    async def record(self, request: Request) -> Response:
        kind, spoken = request.path_params["kind"], language()
        if kind not in KINDS:
            raise HTTPException(404)

        def look(session: Session) -> Record:
            return record_of(session, self.house, find(session, request), language=spoken)

        record = await self.read(look)
        if kind == "xlsx":  # it has phone numbers in full
            subject = f"training:{record.code}"
            row = Reveal(at=datetime.now(UTC), staff=who(request).name, subject=subject, field="record")
            await self.write(lambda session: session.add(row))
        content = await run_in_threadpool(_written, kind, self.house, record, self.store, language=spoken)
        named = f"attachment; filename=\"{record.code}.{kind}\"; filename*=utf-8''{quote(f'{record.title} {record.code}.{kind}')}"
        return Response(
            content,
            media_type=KINDS[kind],
            headers={"Content-Disposition": named, "Cache-Control": "private, no-store"},
        )

    @route("/said/{review:int}", name="training-said")
    async def said(self, request: Request) -> Response:
        """What somebody recorded on the telephone for the questionnaire; that it was heard is written down."""
        number = request.path_params["review"]

        def look(session: Session) -> Media | None:
            review = session.get(TrainingReview, number)
            ours = review is not None and review.session_id == find(session, request).id
            return session.get(Media, review.recording_id) if ours and review.recording_id else None

        row = await self.read(look)
        if row is None or row.path is None or self.store is None:
            raise HTTPException(404)
        try:
            path = self.store.open(row.path)
        except FileNotFoundError as gone:
            raise HTTPException(404) from gone
        subject = f"training:{request.path_params['code']}"
        heard = Reveal(at=datetime.now(UTC), staff=who(request).name, subject=subject, field="recording")
        await self.write(lambda session: session.add(heard))
        return file_answer(path, row)


def training_record_page(store: MediaStore | None) -> Callable[[House], Page]:
    """The page, told where the files lie."""

    def page(house: House) -> Page:
        made = TrainingRecord(house)
        made.store = store
        return made

    return page


def _written(kind: str, house: House, record: Record, store: MediaStore | None, *, language: str) -> bytes:
    # Here, because reportlab and openpyxl take 0.3 s to load, which no start of the house waits for.
    from core.training.record_excel import record_excel
    from core.training.record_pdf import record_pdf

    write = {"xlsx": record_excel, "pdf": record_pdf}[kind]
    return write(house, record, store, language=language)
