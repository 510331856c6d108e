"""Pictures in the record of a training session or of a round's visit: rows here, files in the media store."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.media.model import Media
from core.media.photo import BadPhoto
from core.media.store import Kept, MediaStore, named


class Photo(Base):
    """A picture of exactly one of the two; the file lies in the media store."""

    __tablename__ = "photos"
    __table_args__ = (CheckConstraint("(session_id IS NULL) <> (visit_id IS NULL)", name="ck_photos_of_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("training_sessions.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("round_visits.id"), index=True)
    path: Mapped[str] = mapped_column(Text, index=True)
    mime: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Album:
    """Whose pictures: a training session's or a visit's."""

    session_id: int | None = None
    visit_id: int | None = None


def photos_of(session: Session, album: Album) -> Sequence[Photo]:
    """In the order in which they were added."""
    return session.scalars(select(Photo).filter_by(**asdict(album)).order_by(Photo.id)).all()


def add_photo(session: Session, album: Album, kept: Kept, *, most: int, by: str, at: datetime) -> Photo:
    """One more of at most ``most``; whose album it is is locked by the caller. BadPhoto: many or twice."""
    before = photos_of(session, album)
    if any(photo.path == kept.path for photo in before):
        raise BadPhoto("twice")
    if len(before) >= most:
        raise BadPhoto("many")
    photo = Photo(**asdict(album), path=kept.path, mime=kept.mime, by=by, created_at=at)
    session.add(photo)
    session.flush()
    return photo


def add_photos(
    session: Session,
    store: MediaStore,
    album: Album,
    contents: Sequence[bytes],
    *,
    most: int,
    by: str,
    at: datetime,
) -> None:
    """The same for several that are tidied, and their files. Rows come first: what is refused leaves no file behind."""
    for content in contents:
        add_photo(session, album, named(content), most=most, by=by, at=at)
    for content in contents:
        store.put(content)


def photo_in(session: Session, album: Album, number: int) -> Photo | None:
    """A photo, if it is of this album."""
    return session.scalars(select(Photo).filter_by(id=number, **asdict(album))).first()


def remove_photo(session: Session, photo: Photo) -> bool:
    """Take it out of its record; True when nothing else shows the same file, which the caller then removes."""
    session.delete(photo)
    session.flush()
    others = (select(model.id).where(model.path == photo.path).limit(1) for model in (Photo, Media))
    return all(session.scalar(other) is None for other in others)
