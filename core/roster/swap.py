"""换班: somebody gives a shift, or a part of it, to somebody else, and both are told."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.roster.model import Shift
from core.roster.plan import lock, locked_shift, refuse_overlap, span, written
from core.staff.push import push
from core.staff.refusal import Refused


def swap_shift(
    session: Session,
    house: House,
    shift: int,
    *,
    giver: str,
    taker: str,
    by: str,
    at: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Shift:
    """``taker`` gets the shift from ``starts_at`` to ``ends_at`` (all of it when left out); the giver keeps the rest.

    ``giver`` is whose it was when the order was given: of two swaps at once the second finds that it is theirs
    no more, and is refused.
    """
    given = locked_shift(session, shift)
    if given.staff != giver:
        raise Refused("roster.swapped_already", name=giver, taker=given.staff)
    if taker == giver:
        raise Refused("roster.to_oneself", name=giver)
    first, last = given.starts_at, given.ends_at
    starts_at, ends_at = starts_at or first, ends_at or last
    if not first <= starts_at < ends_at <= last:
        raise Refused("roster.not_within", span=span(house, first, last))
    lock(session, taker)
    refuse_overlap(session, house, Shift, taker, starts_at, ends_at)
    _keep_rest(session, given, starts_at, ends_at)
    given.staff, given.starts_at, given.ends_at = taker, starts_at, ends_at
    given.swapped_from, given.swapped_by, given.swapped_at = giver, by, at
    written(session, given, "swapped", by=by)
    _tell(session, house, given, by=by, at=at)
    return given


def _keep_rest(session: Session, given: Shift, starts_at: datetime, ends_at: datetime) -> None:
    for start, end in ((given.starts_at, starts_at), (ends_at, given.ends_at)):
        if start < end:
            session.add(Shift(staff=given.staff, starts_at=start, ends_at=end, note=given.note))


def _tell(session: Session, house: House, given: Shift, *, by: str, at: datetime) -> None:
    # A shift may go to and fro: each time both hear of it.
    key = f"shift_swapped:{given.id}:{given.swapped_from}:{given.staff}:{at.isoformat()}"
    push(
        session,
        house,
        key=key,
        audience="head",
        wording="push.shift_swapped",
        at=at,
        names=[name for name in (given.swapped_from, given.staff) if name],
        giver=given.swapped_from,
        taker=given.staff,
        span=span(house, given.starts_at, given.ends_at),
        by=by,
    )
