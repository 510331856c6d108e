"""绑定手机, the code: it proves a claim to a number, and then what the same person has elsewhere is shown (A1)."""

import re

from core.customer.claim import ClaimRefused, answer, claim
from core.customer.linking import verify_phone
from core.dialogue.choices import plain
from core.dialogue.state import SOFT
from core.dialogue.talk import Talk
from core.dialogue.topics import flow
from core.dialogue.topics.filed import words
from core.dialogue.topics.stop import STOP
from core.staff.push import push
from core.ticket.theirs import tickets_of

MOST = 3  # tickets that are told
_NO_CODE = re.compile(
    r"(?:没|未)有?(?:收|看)到|收不到|not received|no code|nothing came|did ?n[o']t (?:get|receive)",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<!\d)\d(?:[ -]?\d){5}(?!\d)")


def claim_number(talk: Talk, phone: str) -> None:
    """The answer is the same for every number: nobody learns here whose it is."""
    identity = talk.conversation.identity
    try:
        proof = claim(talk.session, talk.house, identity, phone, at=talk.at)
    except ClaimRefused as refused:
        talk.drop_question()
        talk.say("link.wait", minutes=refused.minutes)
        flow.go_on(talk)
        return
    if not proof.was_sent:
        _desk_calls(talk, phone)
    minutes = talk.house.book.policy("phone_proof")["code_minutes"]
    talk.say("link.sent", tail=phone[-4:], minutes=minutes)
    talk.ask("link_code", ("2", "no_code"), slot=phone)


def _desk_calls(talk: Talk, phone: str) -> None:
    identity = talk.conversation.identity
    push(
        talk.session,
        talk.house,
        key=f"verify:{phone}:{identity.id}:{talk.house.local(talk.at):%y%m%d}",
        audience="desk",
        wording="push.verify_phone",
        at=talk.at,
        phone=phone,
        who=(identity.display_name or talk.customer.name or "—")[:30],
        via=talk.house.book.label("channel", identity.channel),
        identity=f"{identity.channel}:{identity.external_id}",
    )


def code_told(talk: Talk) -> bool:
    """The code, or that none came."""
    question = talk.state.question
    none_came = talk.chosen() == "no_code" or _NO_CODE.search(talk.text)
    if none_came and question is not None and question.slot:
        _desk_calls(talk, question.slot)
        talk.drop_question()
        talk.say("link.desk_calls", tail=question.slot[-4:])
        flow.go_on(talk)
        return True
    if STOP.fullmatch(talk.text):
        leave(talk)
        return True
    return _code_in(talk, _CODE.search(talk.text))


def late_code(talk: Talk) -> bool:
    """Six digits, when something else was asked in between."""
    question = talk.state.question
    asked = question is not None and question.kind not in (*SOFT, "link_offer", "link_phone")
    return not asked and _code_in(talk, _CODE.fullmatch(plain(talk.text)), quietly=True)


def _code_in(talk: Talk, found: re.Match[str] | None, *, quietly: bool = False) -> bool:
    if found is None or not talk.private:
        return False
    code = re.sub(r"\D", "", found[0])
    result = answer(talk.session, talk.house, talk.conversation.identity, code, at=talk.at)
    if result.outcome == "none" and quietly:
        return False
    if result.outcome == "proved":
        prove(talk, result.phone)
    elif result.outcome == "wrong" and result.left:
        talk.say("link.wrong", left=result.left)
        talk.ask("link_code", ("2", "no_code"), slot=result.phone)
    else:
        talk.drop_question()
        minutes = talk.house.book.policy("phone_proof")["pause_minutes"]
        talk.say("link.wait" if result.outcome == "wrong" else "link.expired", minutes=minutes)
        flow.go_on(talk)
    return True


def prove(talk: Talk, phone: str) -> None:
    """The number is theirs: one file from now on, and which tickets there are."""
    talk.drop_question()
    language = talk.customer.language
    verify_phone(talk.session, talk.customer, phone, at=talk.at, actor=talk.actor, channel=talk.channel)
    talk.customer.language = language
    tell_tickets(talk, "link.done", tail=phone[-4:])
    flow.go_on(talk)


def tell_tickets(talk: Talk, done: str, **values: str) -> None:
    """What was done, and which open tickets there are now."""
    tickets = tickets_of(talk.session, talk.customer, limit=MOST + 1)
    talk.say(done if tickets else f"{done}_none", **values)
    for ticket in tickets[:MOST]:
        talk.say("link.ticket", **words(talk, ticket))
    if len(tickets) > MOST:
        talk.say("link.more")


def leave(talk: Talk) -> None:
    """Without a proof; the form that was open goes on."""
    talk.drop_question()
    talk.say("link.left")
    flow.go_on(talk)
