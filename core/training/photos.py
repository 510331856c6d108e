"""Pictures of a session for its record: rows here, files in the media store."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.media.photo import BadPhoto
from core.media.store import Kept
from core.training.model import TrainingPhoto, TrainingSession


def photos_of(session: Session, training: TrainingSession) -> Sequence[TrainingPhoto]:
    """In the order in which they were added."""
    query = select(TrainingPhoto).where(TrainingPhoto.session_id == training.id)
    return session.scalars(query.order_by(TrainingPhoto.id)).all()


def add_photo(
    session: Session, training: TrainingSession, kept: Kept, *, most: int, by: str, at: datetime
) -> TrainingPhoto:
    """One more of at most ``most``; ``training`` is locked by the caller. BadPhoto: many or twice."""
    before = photos_of(session, training)
    if any(photo.path == kept.path for photo in before):
        raise BadPhoto("twice")
    if len(before) >= most:
        raise BadPhoto("many")
    photo = TrainingPhoto(session_id=training.id, path=kept.path, mime=kept.mime, by=by, created_at=at)
    session.add(photo)
    session.flush()
    return photo


def photo_in(session: Session, training: TrainingSession, number: int) -> TrainingPhoto | None:
    """A photo, if it is of this session."""
    photo = session.get(TrainingPhoto, number)
    return photo if photo is not None and photo.session_id == training.id else None


def remove_photo(session: Session, photo: TrainingPhoto) -> bool:
    """Take it out of the record; True when no other session shows the same file."""
    session.delete(photo)
    session.flush()
    same = select(func.count()).select_from(TrainingPhoto).where(TrainingPhoto.path == photo.path)
    return not session.scalar(same)
