"""At the door of a group: asked, joined, declined, left, removed. Nobody here commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.groups.admission import Admitted, Declined, Facts, Verdict, judge
from core.groups.find import is_over, member_by_account, new_token, place_of
from core.groups.model import GroupMember, QaGroup
from core.house import House
from core.training.model import Enrolment


@dataclass(frozen=True)
class Applicant:
    """An account at the door: the provider's number of it, and the trainee it is known to belong to, if any."""

    external_id: str
    name: str | None = None
    enrolment: Enrolment | None = None
    identity_id: int | None = None


def ask_in(
    session: Session, house: House, *, group: QaGroup, applicant: Applicant, at: datetime
) -> tuple[Verdict, GroupMember]:
    """Judge who asks to be let in, and write it down. What follows at the provider is the caller's."""
    place = place_of(session, group, applicant.enrolment) if applicant.enrolment else None
    facts = _facts(
        house, group, applicant, place, member_by_account(session, group, applicant.external_id), at
    )
    verdict = judge(facts, house.book.policy("groups")["admit"])
    if isinstance(verdict, Declined):
        return verdict, _refused(session, group, applicant, verdict, at)
    place = _taken(session, group, applicant, place)
    place.asked_at = at
    if verdict.why != "again":
        place.state, place.reason, place.ended_at = "asked", verdict.why, None
    return verdict, place


def has_joined(
    session: Session, house: House, *, group: QaGroup, applicant: Applicant, at: datetime
) -> tuple[Verdict, GroupMember]:
    """The provider says that somebody is in: a trainee who was let in, or one who came another way, or a stranger.

    Declined: they must be removed again, where the provider lets us.
    """
    verdict, member = ask_in(session, house, group=group, applicant=applicant, at=at)
    if isinstance(verdict, Admitted) and member.state != "joined":
        member.state, member.joined_at = "joined", at
    return verdict, member


def has_left(session: Session, *, group: QaGroup, external_id: str, at: datetime) -> GroupMember | None:
    """They went by themselves; they may come back. None: nobody we knew."""
    return _end(session, group, external_id, "left", None, at)


def was_removed(
    session: Session, *, group: QaGroup, external_id: str, by: str, at: datetime
) -> GroupMember | None:
    """Somebody with the right to do so put them out; they do not come back until a person lets them."""
    return _end(session, group, external_id, "removed", by, at)


def let_back(member: GroupMember, *, by: str, at: datetime) -> None:
    """A person decides that who was removed may ask again."""
    if member.state == "removed":
        member.state, member.reason, member.ended_at = "invited", by, None
        member.invited_at = at


def _facts(
    house: House,
    group: QaGroup,
    applicant: Applicant,
    place: GroupMember | None,
    row: GroupMember | None,
    at: datetime,
) -> Facts:
    return Facts(
        group=group.state,
        over=is_over(house, group, at),
        enrolment=applicant.enrolment.state if applicant.enrolment else None,
        place=place.state if place else None,
        same_account=place is None or place.external_id in (None, applicant.external_id),
        elsewhere=row is not None and row is not place and row.state in ("asked", "joined"),
    )


def _taken(session: Session, group: QaGroup, applicant: Applicant, place: GroupMember | None) -> GroupMember:
    """The trainee's place, now with this account; what the account was refused before is forgotten."""
    before = member_by_account(session, group, applicant.external_id)
    if before is not None and before is not place:
        session.delete(before)
        session.flush()
    if place is None:
        enrolment = applicant.enrolment
        place = GroupMember(
            group_id=group.id, enrolment_id=enrolment.id if enrolment else None, token=new_token()
        )
        session.add(place)
    place.external_id, place.identity_id = applicant.external_id, applicant.identity_id or place.identity_id
    place.name = (applicant.enrolment.name if applicant.enrolment else None) or applicant.name
    session.flush()
    return place


def _refused(
    session: Session, group: QaGroup, applicant: Applicant, verdict: Declined, at: datetime
) -> GroupMember:
    row = member_by_account(session, group, applicant.external_id)
    if row is None:
        row = GroupMember(
            group_id=group.id, external_id=applicant.external_id, token=new_token(), state="declined"
        )
        session.add(row)
    row.asked_at, row.reason = at, verdict.why
    if row.state == "declined":
        row.ended_at, row.name, row.identity_id = at, applicant.name, applicant.identity_id
        row.enrolment_id = applicant.enrolment.id if applicant.enrolment else None
    session.flush()
    return row


def _end(
    session: Session, group: QaGroup, external_id: str, state: str, reason: str | None, at: datetime
) -> GroupMember | None:
    row = member_by_account(session, group, external_id)
    if row is not None and row.state in ("asked", "joined"):
        row.state, row.reason, row.ended_at = state, reason, at
    return row
