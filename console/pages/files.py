"""One file of a ticket, for those who may see the ticket."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette_admin.routing import route

from console.desk.dossier import dossier
from console.desk.files import PICTURES, SOUNDS, file_name, one
from console.page import Page, may, who
from console.pages.ticket import own_name
from core.house import House
from core.media.model import Media
from core.media.store import MediaStore
from core.staff.model import Reveal

# Whatever the bytes are: nothing in them runs, nothing is guessed, nothing stays in a shared cache.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def ticket_file(store: MediaStore | None) -> Callable[[House], Page]:
    """The page class, told where the files lie."""

    class TicketFile(Page):
        name, path = "tickets", "/tickets/{number:str}/files/{media:int}"

        @route("", name="ticket-file")
        async def index(self, request: Request) -> Response:
            row = await self.read(lambda session: _row(session, request))
            if row is None or store is None:
                raise HTTPException(404)
            try:
                path = store.open(row.path)
            except FileNotFoundError as gone:
                raise HTTPException(404) from gone
            if row.channel == "voice":
                await self.write(lambda session: session.add(_listened(request)))
            return file_answer(path, row)

    return TicketFile


def _listened(request: Request) -> Reveal:
    """Who listened to a recording of the telephone, in real time: this is a record about staff."""
    subject = f"ticket:{request.path_params['number']}"
    return Reveal(at=datetime.now(UTC), staff=who(request).name, subject=subject, field="recording")


def _row(session: Session, request: Request) -> Media | None:
    file = dossier(session, request.path_params["number"], own_name(request))
    if file is None:
        return None
    return one(session, file.ticket, request.path_params["media"], own=may(request).own_only)


def file_answer(path: Path, row: Media) -> Response:
    shown = row.mime in (*PICTURES, *SOUNDS)
    how = "inline" if shown else "attachment"
    headers = {**HEADERS, "Content-Disposition": f"{how}; filename*=utf-8''{quote(file_name(row))}"}
    mime = row.mime if shown else "application/octet-stream"
    return FileResponse(path, media_type=mime, headers=headers)
