"""A person decides who somebody in a group is: this trainee, or not this trainee. Nobody here commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.groups.account import forget
from core.groups.admission import Verdict
from core.groups.find import new_token
from core.groups.invite import invite_new
from core.groups.model import GroupMember, QaGroup
from core.groups.roll import let_in
from core.groups.search import anew
from core.groups.ways import take_back
from core.house import House
from core.training.model import Enrolment


def confirm(
    session: Session,
    house: House,
    group: QaGroup,
    stranger: GroupMember,
    enrolment: Enrolment,
    *,
    by: str,
    at: datetime,
) -> Verdict:
    """It is this trainee; the account is remembered for the groups to come."""
    assert stranger.external_id is not None
    verdict, _ = let_in(
        session,
        house,
        group,
        external_id=stranger.external_id,
        name=stranger.name,
        enrolment=enrolment,
        why=by,
        at=at,
    )
    return verdict


def deny(session: Session, house: House, group: QaGroup, member: GroupMember, *, at: datetime) -> None:
    """It is somebody else: the place is the trainee's again, with a fresh way in, and the account a stranger's."""
    external_id, name = member.external_id, member.name
    assert external_id is not None
    forget(session, group, external_id)
    take_back(session, house, group, member)
    anew(member)
    member.external_id = member.identity_id = member.joined_at = None
    session.flush()
    stranger = GroupMember(group_id=group.id, external_id=external_id, name=name, token=new_token())
    stranger.state, stranger.reason, stranger.asked_at, stranger.ended_at = "declined", "stranger", at, at
    session.add(stranger)
    invite_new(session, house, group, at=at)
