"""Who is on leave at a moment, until when, and who stands in."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.roster.model import Absence


def away_at(session: Session, at: datetime) -> dict[str, Absence]:
    """Name → the absence that covers ``at``; of several the one that ends last."""
    query = select(Absence).where(Absence.starts_at <= at, Absence.ends_at > at)
    return {
        absence.staff: absence for absence in session.scalars(query.order_by(Absence.ends_at, Absence.id))
    }
