"""我要进群: a trainee asks for the way into the Q&A group again; everybody is told what they can do."""

import re

from core.dialogue.talk import Talk
from core.dialogue.topics import flow
from core.groups.again import Standing, fresh, standings
from core.groups.invite import way_in
from core.groups.model import GroupMember
from core.training.news import session_words

KIND, DEAD = "qa_link", "link_dead"
LONGEST = 30  # characters; more than that tells of something else
_WISH = re.compile(
    r"(?:进|入|加|拉我).{0,6}群(?![晖众主])|(?:答疑|培训|微信|学员)群(?:呢|在哪|怎么|链接|二维码|的|$)|"
    r"群的?(?:链接|二维码|邀请)|group link|join .{0,12}group|invit\w* .{0,12}(?:group|link)",
    re.IGNORECASE,
)
_LINK = re.compile(r"链接|二维码|群|link|qr", re.IGNORECASE)
_DEAD = re.compile(r"打不开|失效|过期|进不去|用不了|无效|expired|doesn.?t work|invalid", re.IGNORECASE)


def wish(talk: Talk) -> bool:
    """Whether it was asked for, and then told. Never on the phone, where nobody can tap a link."""
    if talk.channel == "voice" or len(talk.text) > LONGEST:
        return False
    if _LINK.search(talk.text) and _DEAD.search(talk.text) and _renewed(talk):
        return True
    if not _WISH.search(talk.text):
        return False
    tell(talk)
    return True


def is_trainee(talk: Talk) -> bool:
    """Whether any Q&A group is or will be theirs; False in a group, where nothing is told of it."""
    return talk.private and bool(standings(talk.session, talk.house, talk.customer, at=talk.at))


def tell(talk: Talk) -> None:
    """The way into each of their groups, or why there is none yet."""
    if not talk.private:
        talk.say("link.private")
        return
    found = standings(talk.session, talk.house, talk.customer, at=talk.at)
    for one in found:
        _say(talk, one)
    if not found:
        talk.say("qa_link.stranger")
    told = next((one.member for one in found if one.why in ("way", "in")), None)
    pending = talk.state.question
    if talk.state.form is not None or (
        pending is not None and pending.kind not in ("menu", "training_pick", KIND)
    ):
        flow.ask_again(talk)
    elif told is not None:
        talk.ask(KIND, ("1", DEAD), slot=str(told.id))


def answer(talk: Talk) -> bool:
    """It does not open: another one is made."""
    member = _member(talk)
    dead = talk.chosen() == DEAD or (len(talk.text) <= LONGEST and _DEAD.search(talk.text) is not None)
    if member is None or not dead:
        return False
    talk.drop_question()
    _renew(talk, member)
    return True


def _renewed(talk: Talk) -> bool:
    """The link does not open, said while something else is asked: that is asked again. False: they have none."""
    found = standings(talk.session, talk.house, talk.customer, at=talk.at) if talk.private else []
    member = next((one.member for one in found if one.why in ("way", "in")), None)
    if member is None:
        return False
    _renew(talk, member)
    if talk.state.question is not None and talk.state.question.kind == KIND:
        talk.drop_question()
    flow.ask_again(talk)
    return True


def _renew(talk: Talk, member: GroupMember) -> None:
    fresh(talk.session, talk.house, member, at=talk.at)
    talk.say("qa_link.fresh")


def _say(talk: Talk, one: Standing) -> None:
    words, member = session_words(talk.house, one.training, talk.language), one.member
    ends = member.group.ends_on if member else one.training.group_ends_on
    words |= {"ends_on": f"{ends:%m-%d}" if ends else "—"}
    if member is not None and one.why in ("way", "in"):
        key = f"qa_group.invite_{member.group.channel}" if one.why == "way" else "qa_link.in"
        talk.say(key, link=way_in(talk.house, member), **words)
    elif one.why in ("over", "removed", "not_attending"):
        talk.say(f"qa_group.declined_{one.why}", **words)
    else:
        if member is not None and one.why == "making":
            fresh(talk.session, talk.house, member, at=talk.at)
        talk.say(f"qa_link.{one.why}", **words)


def _member(talk: Talk) -> GroupMember | None:
    """The place that was spoken of; nobody speaks of another's."""
    slot = talk.state.question.slot if talk.state.question else None
    member = talk.session.get(GroupMember, int(slot)) if slot and slot.isdigit() else None
    enrolment = member.enrolment if member is not None else None
    return member if enrolment is not None and enrolment.customer_id == talk.customer.id else None
