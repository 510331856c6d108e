"""Photos and voice on the ticket page: shown to who may see the ticket, and never run as anything."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from console import Outside
from core.customer.model import Conversation, Identity
from core.house import House
from core.media.model import Media
from core.media.store import MediaStore
from core.messaging.moment import database_clock
from core.ticket.model import Ticket
from tests.console.conftest import Desk

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"
OGG = b"OggS\x00\x02" + b"\x00" * 60
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x21" + b"\x00" * 60
AMR = b"#!AMR\n" + b"\x00" * 40
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


@pytest.fixture
def desk(house: House, store: MediaStore) -> Desk:
    return Desk(house, Outside(media=store))


@pytest.fixture
def keep(house: House, store: MediaStore) -> Callable[..., int]:
    """A file of a ticket, in whatever state."""

    def kept(ticket: Ticket, content: bytes | None = None, *, loose: bool = False, **values: Any) -> int:
        with house.database.session() as session:
            chat = session.scalars(
                select(Conversation).join(Identity).where(Identity.customer_id == ticket.customer_id)
            ).one()
            facts: dict[str, Any] = {"kind": "image", "status": "pending", **values}
            if content is not None:
                found = store.put(content)
                facts |= {"path": found.path, "mime": found.mime, "size": found.size, "sha256": found.sha256}
                facts["status"] = "done"
            row = Media(
                lane=f"media:{id(facts)}",
                due_at=database_clock(),
                attempt=0,
                inbox_id=session.query(Media).count() + 1,
                conversation_id=chat.id,
                ticket_id=None if loose else ticket.id,
                channel="webchat",
                provider_id="p",
                said_at=house.clock.now(),
                **facts,
            )
            session.add(row)
            session.commit()
            return row.id

    return kept


def test_pictures_sounds_and_the_rest(
    desk: Desk, file: Callable[..., Ticket], keep: Callable[..., int]
) -> None:
    ticket = file()
    photo, voice = keep(ticket, JPEG), keep(ticket, OGG, kind="voice")
    amr, other = keep(ticket, AMR, kind="voice"), keep(ticket, b"\x00\x01", kind="file", name="说明书.doc")
    keep(ticket, status="pending")
    keep(ticket, status="dead", error="expired at the provider", kind="video")
    desk.enter("agent")
    page = desk.get(f"/tickets/{ticket.number}").text
    assert f'<img class="fd-file-box" src="/console/tickets/{ticket.number}/files/{photo}"' in page
    assert f'src="/console/tickets/{ticket.number}/files/{voice}"></audio>' in page
    assert f"files/{amr}" in page and "AMR" in page and f"files/{other}" in page and "说明书.bin" in page
    assert "正在取回" in page and "没有取到：expired at the provider" in page


@pytest.mark.parametrize(
    ("content", "mime", "how"),
    [
        (JPEG, "image/jpeg", "inline"),
        (OGG, "audio/ogg", "inline"),
        (MP3, "audio/mpeg", "inline"),
        (AMR, "application/octet-stream", "attachment"),
        (HTML, "application/octet-stream", "attachment"),
        (SVG, "application/octet-stream", "attachment"),
        (b"%PDF-1.4\n" + b"0" * 80, "application/octet-stream", "attachment"),
        (b"", "application/octet-stream", "attachment"),
    ],
)
def test_headers(
    desk: Desk, file: Callable[..., Ticket], keep: Callable[..., int], content: bytes, mime: str, how: str
) -> None:
    ticket = file()
    number = keep(ticket, content, name='x".html\r\nSet-Cookie: a=b')
    desk.enter("viewer")
    answer = desk.get(f"/tickets/{ticket.number}/files/{number}")
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == mime
    assert answer.headers["content-disposition"].startswith(how + "; filename*=")
    assert '"' not in answer.headers["content-disposition"] and "a=b" not in str(
        answer.headers.get("set-cookie")
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (
        "sandbox" in answer.headers["content-security-policy"]
        and "no-store" in answer.headers["cache-control"]
    )


def test_a_forged_type_in_the_database_is_not_enough_to_run(
    desk: Desk, file: Callable[..., Ticket], keep: Callable[..., int]
) -> None:
    ticket = file()
    number = keep(ticket, HTML)
    with desk.house.database.session() as session:
        session.get_one(Media, number).mime = "text/html"
        session.commit()
    desk.enter("agent")
    answer = desk.get(f"/tickets/{ticket.number}/files/{number}")
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path", ["../secret.key", "/etc/passwd", "ab/../../secret.key", "", ".", "gone/x.jpg"]
)
def test_a_path_out_of_the_folder_is_nothing(
    desk: Desk, file: Callable[..., Ticket], keep: Callable[..., int], tmp_path: Path, path: str
) -> None:
    (tmp_path / "secret.key").write_text("secret")
    (tmp_path / "media").mkdir(exist_ok=True)
    ticket = file()
    number = keep(ticket, JPEG)
    with desk.house.database.session() as session:
        session.get_one(Media, number).path = path
        session.commit()
    desk.enter("agent")
    assert desk.get(f"/tickets/{ticket.number}/files/{number}").status_code == 404


def test_who_may_not_see_the_ticket_sees_no_file(
    desk: Desk, file: Callable[..., Ticket], keep: Callable[..., int]
) -> None:
    ticket = file()
    number = keep(ticket, JPEG)
    desk.client.cookies.clear()
    outside = desk.client.get(f"/console/tickets/{ticket.number}/files/{number}", follow_redirects=False)
    assert outside.status_code in (303, 307) and outside.content != JPEG
    desk.enter("technician")
    assert desk.get(f"/tickets/{ticket.number}/files/{number}").status_code == 404
    with desk.house.database.session() as session:
        session.get_one(Ticket, ticket.id).assignee = "technician"
        session.commit()
    assert desk.get(f"/tickets/{ticket.number}/files/{number}").content == JPEG


def test_a_file_is_reached_by_its_own_tickets_customer_only(
    desk: Desk, file: Callable[..., Ticket], keep: Callable[..., int]
) -> None:
    mine, other = file(), file(brand="格力")
    number, loose = keep(mine, JPEG), keep(mine, OGG, loose=True)
    desk.enter("agent")
    assert desk.get(f"/tickets/{other.number}/files/{number}").status_code == 404
    assert desk.get(f"/tickets/{mine.number}/files/{loose}").status_code == 200, "sent before any ticket"
    assert "其他文件" in desk.get(f"/tickets/{mine.number}").text
    with desk.house.database.session() as session:
        session.get_one(Ticket, mine.id).assignee = "technician"
        session.commit()
    desk.enter("technician")
    assert desk.get(f"/tickets/{mine.number}/files/{loose}").status_code == 404, "not of this ticket"
    for path in ("99999", "0", "-1", "abc", "1e9"):
        assert desk.get(f"/tickets/{mine.number}/files/{path}").status_code in (404, 405)


def test_what_is_not_fetched_cannot_be_opened(
    desk: Desk, file: Callable[..., Ticket], keep: Callable[..., int]
) -> None:
    ticket = file()
    number = keep(ticket, status="pending")
    desk.enter("agent")
    assert desk.get(f"/tickets/{ticket.number}/files/{number}").status_code == 404
