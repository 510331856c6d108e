"""Each attendee is led into the group: a promise for each, kept in the chat where they talk to us."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.care.notice import live_chats, write
from core.customer.model import Conversation
from core.groups.find import is_over, members
from core.groups.listen import FORM, listens
from core.groups.model import GroupMember, QaGroup
from core.groups.post import WAYS
from core.groups.tell import tell_trainer
from core.groups.ways import ask_for_way
from core.house import House
from core.promise.calendar import QuietHours
from core.promise.model import Promise, promise
from core.training.news import session_words


def invite_all(session: Session, house: House, group: QaGroup, *, at: datetime) -> None:
    """Everybody who has a place and is not in. Where each has a way of their own, that is made first (told.py)."""
    for member in members(session, group, "invited"):
        _lead(session, house, member, at)


def invite_new(session: Session, house: House, group: QaGroup, *, at: datetime) -> None:
    """Only who was never told the way in: somebody else's place is no reason to write to the others again."""
    for member in members(session, group, "invited"):
        if member.invitations == 0:
            _lead(session, house, member, at)


def _lead(session: Session, house: House, member: GroupMember, at: datetime) -> None:
    if member.group.channel == "wecom" and member.invite_link is None:
        ask_for_way(session, house, member.group, member)
    else:
        invite(session, house, member, at=at)


def invite(session: Session, house: House, member: GroupMember, *, at: datetime) -> None:
    """Once for each link, and not more often than the policy says."""
    sent = member.invitations
    if sent < house.book.policy("groups")["invitations"]:
        key = f"group_invite:{member.id}:{member.token}:{sent + 1}"
        row = {"key": key, "kind": "group_invite", "due_at": at, "payload": {"member": member.id}}
        promise(session, row)


def keep_group_invite(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Tell one trainee the way in; without a chat their trainer hands it to them."""
    member = session.get_one(GroupMember, row.payload["member"])
    group = member.group
    asked = bool(row.payload.get("asked"))  # for the way in, just now (again.py)
    places = ("invited", "asked", "left", "joined") if asked else ("invited",)
    if group.state != "open" or member.state not in places or is_over(house, group, now):
        why = f"the group is {group.state}, the place {member.state}"
        row.status, row.ended_at, row.reason = "cancelled", now, why
        return None
    if asked and not is_ready(house, member, but=row.payload["but"]):
        row.reason = "another way in is being made"
        return now + timedelta(minutes=1)
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    if quiet.covers(now) and not asked:
        row.reason = "quiet hours"
        return quiet.after(now)
    member.invited_at, member.invitations = now, member.invitations + 1
    chat = _chat_of(session, member, group)
    if chat is None:
        row.reason = "no chat reaches them: the trainer hands the link over"
        member.reason = "no_chat"
        key = f"group_no_chat:{group.id}:{group.round}"
        tell_trainer(session, house, group, "no_chat", key=key, at=now)
        return None
    _send(session, house, row, member, chat, now)
    return None


def way_in(house: House, member: GroupMember) -> str:
    """The link by which this trainee gets in: the provider's, or their own page of the house."""
    if member.group.channel == "web":
        return page_of(house, member)
    return member.invite_link or member.group.invite_link or ""


def is_ready(house: House, member: GroupMember, *, but: str = "") -> bool:
    """Whether there is a way in to be told: another than ``but``, and their own where each has one."""
    if member.group.channel == "wecom" and member.invite_link is None:
        return False
    return way_in(house, member) not in ("", but)


def page_of(house: House, member: GroupMember) -> str:
    """Their own page of the group, which is also its question form; relative where the house has no address."""
    return f"{house.address}/groups/{member.token}"


def has_form(house: House, group: QaGroup) -> bool:
    """Whether a group at a provider has a question form beside it: each member's own page."""
    return group.channel != "web" and FORM in listens(house, group)


def _chat_of(session: Session, member: GroupMember, group: QaGroup) -> Conversation | None:
    """The chat on the group's own channel, since the link opens there; else where they were heard last."""
    enrolment = member.enrolment
    if enrolment is None or enrolment.customer_id is None:
        return None
    chats = live_chats(session, enrolment.customer_id)
    same = [chat for chat in chats if chat.identity.channel == WAYS[group.channel]]
    return next(iter(same or chats), None)


def _send(
    session: Session, house: House, row: Promise, member: GroupMember, chat: Conversation, now: datetime
) -> None:
    language = chat.identity.customer.language
    words = session_words(house, member.group.training, language)
    text = house.book.text(
        f"qa_group.invite_{member.group.channel}",
        language,
        **words,
        link=way_in(house, member),
        ends_on=f"{member.group.ends_on:%m-%d}",
    )
    if has_form(house, member.group) and house.address:
        form = house.book.text(f"qa_group.form_{member.group.channel}", language, form=page_of(house, member))
        text = f"{text}\n{form}"
    write(session, chat, text, at=now, key=row.key, weight="notice")
