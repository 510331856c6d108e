"""The customer's verdict: signing for the work, the rating, and the wish to be left alone."""

import re

from core.care import optout
from core.care.case import remark
from core.care.rating import fixed, not_fixed, rate
from core.dialogue.score import score_of
from core.dialogue.talk import Talk
from core.dialogue.topics import training_review
from core.dialogue.topics.filed import words
from core.ticket.find import find
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of

_COMMENTS = [
    "rate_service",
    "give_suggestion",
    "file_complaint",
    "out_of_scope",
    "thanks",
    "provide_info",
    "affirm",
    "deny",
]
_NOT_FIXED = re.compile(
    r"没(?:有)?(?:修好|好|解决|修)|还是(?:不|没|老)|又坏|没用|仍然|依旧|还没好|不行|修不好|老样子|未修|not fixed|still (?:not|broken)",
    re.IGNORECASE,
)
_FIXED = re.compile(
    r"^(?!.*(?:没修|没好|没有|不|未|还是|not)).*(?:好了|修好|能用|正常|可以了|解决了|没问题|没毛病|满意|fixed|works)",
    re.IGNORECASE,
)


def signed_answer(talk: Talk) -> bool:
    """After the visit: 已修好 signs for it, 没修好 opens it again."""
    question = talk.state.question
    choice = talk.chosen()
    if question is None or question.ticket is None:
        return False
    score = score_of(talk.text) if choice is None else None
    if choice == "not_fixed" or (choice is None and says_not_fixed(talk.text)):
        talk.drop_question()
        reopen(talk, find(talk.session, question.ticket))
    elif choice == "fixed" or (choice is None and (says_fixed(talk.text) or _YES.match(talk.text))):
        talk.drop_question()
        ticket = find(talk.session, question.ticket)
        fixed(talk.session, ticket, at=talk.at, actor=talk.actor, channel=talk.channel)
        talk.say("care.signed", **words(talk, ticket))
    elif score is not None:
        _rate(talk, find(talk.session, question.ticket), score)
    else:
        return False
    return True


_BARE_NO = re.compile(r"(?:没有?|没呢|不|不好|还没有?|no)[。.!！]*", re.IGNORECASE)
_YES = re.compile(r"(?:是的?|对的?|嗯+|好的?|可以|行|yes|ok)[,，。.!！了啊呀吧 ]*(?:谢谢)?$", re.IGNORECASE)


def says_fixed(text: str) -> bool:
    """修好了, 没问题了; never where the sentence denies something."""
    return _FIXED.search(text) is not None


def says_not_fixed(text: str) -> bool:
    """没修好, 又坏了, or a bare no."""
    return _NOT_FIXED.search(text) is not None or _BARE_NO.fullmatch(text) is not None


def reopen(talk: Talk, ticket: Ticket) -> None:
    """没修好: the ticket is open again and the head knows."""
    not_fixed(
        talk.session,
        talk.house,
        ticket,
        at=talk.at,
        actor=talk.actor,
        channel=talk.channel,
        why=talk.text[:200],
    )
    talk.say("care.not_fixed", **words(talk, ticket))


def rating_answer(talk: Talk) -> bool:
    """The answer to a rating that was asked for; words without a score may be about something else."""
    question = talk.state.question
    if question is None or question.ticket is None:
        return False
    ticket = find(talk.session, question.ticket)
    if talk.digit == "0":
        opt_out(talk)
        return True
    score = score_of(talk.text)
    if score is not None:
        _rate(talk, ticket, score)
    elif _NOT_FIXED.search(talk.text):
        talk.drop_question()
        reopen(talk, ticket)
    elif talk.digit is not None or re.fullmatch(r"\d{1,3}分?", talk.text):
        talk.say("care.one_to_five")
        talk.offer(*((key, value) for key, value in question.choices))
    else:
        return False
    return True


def _rate(talk: Talk, ticket: Ticket, score: int) -> None:
    came_of_it = rate(
        talk.session, talk.house, ticket, score, at=talk.at, actor=talk.actor, channel=talk.channel
    )
    talk.drop_question()
    talk.say(f"care.{came_of_it}", **words(talk, ticket), score=score)
    rest = re.sub(r"[\d\W]|[一二三四五]?[分星]|(?:非常|很)?不?满意", "", talk.text)
    if came_of_it != "too_late" and len(rest) >= 4:
        _comment(talk, ticket)
    elif came_of_it in ("thanked", "reopened"):
        talk.ask("comment", ticket=ticket.number)


_CHANGES = re.compile(r"改(?:成|为|到|打|评)|(?:change|make) (?:it|my rating)", re.IGNORECASE)


def comment(talk: Talk) -> bool:
    """A sentence after the rating belongs to it, unless it is plainly about something else."""
    question = talk.state.question
    talk.drop_question()
    about_else = talk.intent not in _COMMENTS and not (talk.intent == "report_fault" and not talk.facts.slots)
    if (
        question is None
        or question.ticket is None
        or about_else
        or talk.digit
        or len(talk.text) < 2
        or _CHANGES.search(talk.text)
    ):
        changed = score_of(talk.text) if question is not None and question.ticket else None
        if changed is not None and question is not None and question.ticket:
            _rate(talk, find(talk.session, question.ticket), changed)
            return True
        return False
    _comment(talk, find(talk.session, question.ticket))
    talk.say("care.comment")
    return True


def _comment(talk: Talk, ticket: Ticket) -> None:
    remark(talk.session, ticket, talk.typed[:500])
    note(
        talk.session,
        ticket,
        verb="comment",
        at=talk.at,
        actor=talk.actor,
        channel=talk.channel,
        text=talk.typed[:500],
    )


def volunteer(talk: Talk) -> None:
    """A rating nobody asked for just now still counts, for the last finished ticket."""
    score = score_of(talk.text)
    number = talk.facts.slots.get("ticket_no")
    recent = [
        t
        for t in tickets_of(talk.session, talk.customer, only_open=False, limit=10)
        if number in (None, t.number)
    ]
    done = [t for t in recent if t.state in ("done", "followed_up") or t.rating is not None]
    if all(ticket.rating is not None for ticket in done) and training_review.go_on(talk):
        return
    if score is None or not done:
        talk.say("care.nothing_to_rate" if score is not None else "thanks")
    else:
        _rate(talk, done[0], score)


def opt_out(talk: Talk) -> None:
    """退订 / TD / 0: no follow-up is sent any more; answers and notices about a repair still are (E4)."""
    optout.opt_out(talk.session, talk.customer, at=talk.at)
    talk.drop_question()
    talk.say("care.opted_out")
