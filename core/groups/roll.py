"""Who is in a group, as its provider shows it: newcomers matched to trainees, who is gone written down. Nobody commits.

For providers that cannot turn anybody away: a stranger is in already. The trainer and the owner of the group are told,
once for each time they come, with what can be done.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.account import customer_of, remember
from core.groups.admission import Admitted, Declined, Verdict
from core.groups.find import members
from core.groups.join import Applicant, has_joined, has_left, was_removed
from core.groups.match import Known, Seen, match
from core.groups.model import GroupMember, QaGroup
from core.groups.tell import in_charge
from core.groups.ways import take_back
from core.house import House
from core.staff.push import push
from core.training.model import SEATED, Enrolment
from core.training.news import session_words

GONE = "gone"  # why of somebody declined who is there no more


def call_roll(
    session: Session,
    house: House,
    group: QaGroup,
    seen: Sequence[Seen],
    *,
    owner: str | None = None,
    removed: Collection[str] = (),
    at: datetime,
) -> None:
    """``owner`` is the account of who owns the group there; ``removed`` were put out by them."""
    there = {one.external_id for one in seen}
    for row in members(session, group, "joined", "declined"):
        if row.external_id and row.external_id not in there:
            _gone(session, group, row, row.external_id, row.external_id in removed, at)
    settled = {row.external_id for row in members(session, group, "joined")}
    for one in seen:
        if one.external_id not in settled:
            _comes(session, house, group, one, owner, at)


def let_in(
    session: Session,
    house: House,
    group: QaGroup,
    *,
    external_id: str,
    name: str | None,
    enrolment: Enrolment | None,
    why: str | None,
    at: datetime,
) -> tuple[Verdict, GroupMember]:
    """The account takes the trainee's place, if it may; then the trainee's own way in has done its work."""
    applicant = Applicant(external_id, name, enrolment)
    verdict, row = has_joined(session, house, group=group, applicant=applicant, at=at)
    if isinstance(verdict, Admitted):
        row.reason = why
        if enrolment is not None and enrolment.customer_id is not None:
            row.identity_id = remember(session, group, external_id, name, enrolment.customer_id, at=at)
        take_back(session, house, group, row)  # whoever it is sent on to is somebody else
    return verdict, row


def known_of(session: Session, group: QaGroup, external_id: str) -> Known:
    """What may tell who an account is: read anew for each, since a place is given once."""
    columns = select(Enrolment.id, Enrolment.name, Enrolment.customer_id)
    mine = columns.where(Enrolment.session_id == group.session_id, Enrolment.state.in_(SEATED))
    roll = session.execute(mine.order_by(Enrolment.id)).all()
    places = [row for row in members(session, group) if row.state != "declined"]
    taken = {row.enrolment_id for row in places if row.external_id}
    by_customer = {row.customer_id: row.id for row in roll if row.customer_id}
    customer = customer_of(session, group, external_id)
    return Known(
        group=group.token,
        ways={row.token: row.enrolment_id for row in places if row.enrolment_id},
        accounts={} if customer is None else {external_id: by_customer.get(customer)},
        names=[(row.name, row.id) for row in roll if row.id not in taken],
    )


def _comes(
    session: Session, house: House, group: QaGroup, one: Seen, owner: str | None, at: datetime
) -> None:
    matched = match(one, known_of(session, group, one.external_id))
    verdict, row = let_in(
        session,
        house,
        group,
        external_id=one.external_id,
        name=one.names[0] if one.names else None,
        enrolment=session.get_one(Enrolment, matched.enrolment) if matched else None,
        why=matched.why if matched else None,
        at=at,
    )
    if isinstance(verdict, Declined):
        _tell(session, house, group, one, row, verdict, owner, at)


def _gone(
    session: Session, group: QaGroup, row: GroupMember, external_id: str, removed: bool, at: datetime
) -> None:
    if row.state == "declined":
        row.reason = GONE
    elif removed:
        was_removed(session, group=group, external_id=external_id, by="owner", at=at)
    else:
        has_left(session, group=group, external_id=external_id, at=at)


def _tell(
    session: Session,
    house: House,
    group: QaGroup,
    one: Seen,
    row: GroupMember,
    verdict: Declined,
    owner: str | None,
    at: datetime,
) -> None:
    push(
        session,
        house,
        key=f"qa_stranger:{row.token}:{one.joined_at:%y%m%d%H%M%S}",
        audience="desk",
        wording="push.qa_group_stranger",
        at=at,
        names=in_charge(session, group, owner) or None,
        name=one.names[0] if one.names else "—",
        why=house.book.label("qa_refused", verdict.why),
        **session_words(house, group.training, "zh"),
    )
