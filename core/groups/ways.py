"""Ways in that a provider keeps for us: the group's, and one for each trainee. Nobody here commits.

A trainee's own way tells who came, whatever they call themselves; the group's way, shown on the wall, tells only of
which session they are. In the end all are taken back, and their pictures lead nowhere.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.notice import reachable
from core.groups.errand import MAKE_WAY, TAKE_WAY, errand
from core.groups.find import new_token, place_of
from core.groups.model import GroupMember, QaGroup
from core.house import House
from core.messaging.outbox import say
from core.training.model import SEATED, Enrolment
from core.training.news import session_words


def ask_for_way(session: Session, group: QaGroup, member: GroupMember | None = None, *, at: datetime) -> None:
    """The provider is to make one, once for each code."""
    token = member.token if member else group.token
    what = {"state": token} | ({"member": member.id} if member else {})
    errand(session, group, MAKE_WAY, key=f"qa_way:{token}", at=at, **what)


def invite_all(session: Session, house: House, group: QaGroup, *, at: datetime) -> None:
    """Everybody of the session whom a chat reaches gets a way of their own; the others scan the group's."""
    admitted = house.book.policy("groups")["admit"]
    roll = select(Enrolment).where(
        Enrolment.session_id == group.session_id,
        Enrolment.state.in_([state for state in admitted if state in SEATED]),
        Enrolment.customer_id.is_not(None),
    )
    again = group.round > 1  # the group that they were in is gone
    for enrolment in session.scalars(roll.order_by(Enrolment.position, Enrolment.id)):
        invite_by_way(session, group, enrolment, again=again, at=at)


def invite_by_way(
    session: Session, group: QaGroup, enrolment: Enrolment, *, again: bool = False, at: datetime
) -> None:
    """The trainee's place, and a way in that is nobody else's; who is in (but for ``again``) or put out gets none."""
    member = place_of(session, group, enrolment)
    if member is None:
        member = GroupMember(group_id=group.id, enrolment_id=enrolment.id, token=new_token(), invited_at=at)
        member.name = enrolment.name
        session.add(member)
        session.flush()
    elif member.state == "left" or (again and member.state != "removed"):  # the way they had is spent
        member.state, member.token, member.invited_at = "invited", new_token(), at
    if member.state == "invited":
        ask_for_way(session, group, member, at=at)


def send_way(
    session: Session, house: House, group: QaGroup, member: GroupMember, picture: str, *, at: datetime
) -> None:
    """Into the chat where the trainee last spoke to us."""
    customer = member.enrolment.customer_id if member.enrolment else None
    chat = (
        reachable(session, customer) if customer else None
    )  # before we change anything: conversations first
    member.invite_link = picture
    if chat is None:
        return
    identity = chat.identity
    words = session_words(house, group.training, identity.customer.language)
    say(
        session,
        at=at,
        channel=identity.channel,
        account=identity.account,
        recipient=identity.external_id,
        text=house.book.text(
            "qa_group.way",
            identity.customer.language,
            name=member.name or "",
            link=picture,
            ends_on=f"{group.ends_on:%m-%d}",
            **words,
        ),
        conversation_id=chat.id,
        key=f"qa_invite:{member.token}",
        weight="notice",
    )


def take_back_ways(session: Session, group: QaGroup, *, at: datetime) -> None:
    """Nobody comes in by any of them any more."""
    query = select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.join_way.is_not(None))
    for holder in (group, *session.scalars(query.order_by(GroupMember.id))):
        take_back(session, group, holder, at=at)


def take_back(session: Session, group: QaGroup, holder: QaGroup | GroupMember, *, at: datetime) -> None:
    if holder.join_way:
        errand(session, group, TAKE_WAY, key=f"qa_way_back:{holder.join_way}", at=at, config=holder.join_way)
        holder.join_way = holder.invite_link = None
