"""The house's own group page: a trainee's link is good for the browser that opened it first. Nobody here commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer, Identity
from core.groups.admission import Admitted, Facts, Verdict, judge
from core.groups.find import is_over, member_by_token
from core.groups.invite import has_form
from core.groups.join import Applicant, has_joined, has_left
from core.groups.model import GroupMember
from core.house import House
from core.training.find import enrolment_in

CHANNEL = "webchat"


def enter(
    session: Session, house: House, *, token: str, visitor: str, at: datetime
) -> tuple[Verdict, GroupMember] | None:
    """Come in by one's own link; None where the link is nobody's. ``visitor`` is the secret of a browser.

    Of a group elsewhere the page is the question form, for its owner only.
    """
    member = member_by_token(session, token)
    if member is None or member.enrolment is None or member.state == "declined":
        return None
    if member.group.channel != "web" and not has_form(house, member.group):
        return None
    if has_form(house, member.group):
        return _opens_form(session, house, member, visitor, at), member
    identity = _identity(session, member, visitor, at)
    applicant = Applicant(visitor, member.enrolment.name, member.enrolment, identity.id)
    verdict, row = has_joined(session, house, group=member.group, applicant=applicant, at=at)
    if isinstance(verdict, Admitted):
        _claim(session, member, identity)
    return verdict, row


def leave(session: Session, *, token: str, visitor: str, at: datetime) -> bool:
    """They go; their link lets them in again, from another browser too."""
    member = inside(session, token=token, visitor=visitor)
    if member is None:
        return False
    member.browser = None
    if member.group.channel == "web":
        has_left(session, group=member.group, external_id=visitor, at=at)
    return True


def inside(session: Session, *, token: str, visitor: str) -> GroupMember | None:
    """The member who reads and writes with this link in this browser; None: nobody who may."""
    member = member_by_token(session, token)
    if member is None or visitor_of(member) != visitor:
        return None
    may = ("joined",) if member.group.channel == "web" else ("invited", "asked", "joined", "left")
    return member if member.state in may else None


def visitor_of(member: GroupMember) -> str | None:
    """The browser that a member's page belongs to."""
    return member.external_id if member.group.channel == "web" else member.browser


def _opens_form(session: Session, house: House, member: GroupMember, visitor: str, at: datetime) -> Verdict:
    """The page of a member of a provider's group: there they only ask, whether they have come in or not yet."""
    group, enrolment = member.group, member.enrolment
    place = "removed" if member.state == "removed" else "joined" if member.browser else None
    same = member.browser in (None, visitor)
    facts = Facts(group.state, is_over(house, group, at), enrolment.state if enrolment else None, place, same)
    verdict = judge(facts, house.book.policy("groups")["admit"])
    if isinstance(verdict, Admitted):
        member.browser = visitor
        _claim(session, member, _identity(session, member, visitor, at))
    return verdict


def _identity(session: Session, member: GroupMember, visitor: str, at: datetime) -> Identity:
    """The browser as we know it, or a new account of this trainee."""
    same = Identity.channel == CHANNEL, Identity.account == "", Identity.external_id == visitor
    identity = session.scalars(select(Identity).where(*same)).first()
    if identity is None:
        enrolment = member.enrolment
        known = enrolment.customer if enrolment else None
        name = enrolment.name if enrolment else None
        customer = known or Customer(name=name, created_at=at)
        identity = Identity(
            channel=CHANNEL,
            account="",
            external_id=visitor,
            display_name=name,
            created_at=at,
            customer=customer,
        )
        session.add(identity)
        session.flush()
    return identity


def _claim(session: Session, member: GroupMember, identity: Identity) -> None:
    """Who was only on a list is this customer from now on."""
    enrolment = member.enrolment
    if enrolment is None or enrolment.customer_id is not None:
        return
    if enrolment_in(session, identity.customer_id, enrolment.session_id) is None:
        enrolment.customer_id = identity.customer_id
        session.flush()
