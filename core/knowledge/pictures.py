"""Pictures of self-help steps: named by their content, so that one that is known is never sent or stored twice."""

import hashlib
import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Database
from core.knowledge.model import Article, StepPicture

_REMEMBERED = 64  # contents; some 30 KB each


def step_picture(content: bytes) -> StepPicture:
    """The row of a JPEG, PNG or WebP file; OSError (Pillow) where it is no picture."""
    from PIL import Image  # here: no start of the house waits for it

    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
        mime, (width, height) = str(opened.get_format_mimetype()), opened.size
    name = hashlib.sha256(content).hexdigest()
    return StepPicture(id=name, mime=mime, width=width, height=height, content=content)


@lru_cache(maxsize=256)
def _id_of(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def picture_id(path: Path) -> str:
    """The id that a file's picture has; FileNotFoundError."""
    return _id_of(path, path.stat().st_mtime_ns)


def keep_picture(session: Session, picture: StepPicture) -> str:
    """Store it unless it is there; its id."""
    if session.scalar(select(StepPicture.id).where(StepPicture.id == picture.id)) is None:
        session.add(picture)
        session.flush()
    return picture.id


def picture_of(session: Session, article: Article, step: int) -> dict[str, Any] | None:
    """What a channel needs to show the picture of a step (from 1): id, mime, width and height in pixels."""
    known = article.pictures.get(str(step))
    found = session.get(StepPicture, known) if known else None
    if found is None:
        return None
    return {name: getattr(found, name) for name in ("id", "mime", "width", "height")}


def carried_over(before: list[str], after: list[str], pictures: dict[str, str]) -> dict[str, str]:
    """Pictures after the steps were edited: each goes with its words; where these were changed it keeps its place."""
    kept, unchanged = dict[str, str](), set(before) & set(after)
    for number, picture in pictures.items():
        words = before[int(number) - 1] if int(number) <= len(before) else None
        place = after.index(words) + 1 if words in unchanged and words is not None else int(number)
        taken = words not in unchanged and place <= len(after) and after[place - 1] in unchanged
        if place <= len(after) and not taken:
            kept[str(place)] = picture
    return kept


class Pictures:
    """Contents by id, for the channels; those asked for last are remembered."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.content = lru_cache(maxsize=_REMEMBERED)(self._content)

    def _content(self, picture: str) -> tuple[bytes, str]:
        """Bytes and MIME type; LookupError where there is none."""
        query = select(StepPicture.content, StepPicture.mime).where(StepPicture.id == picture)
        with self._database.reading() as session:
            found = session.execute(query).first()
        if found is None:
            raise LookupError(picture)
        return found.content, found.mime
