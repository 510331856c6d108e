"""绑定手机: a proved number shows what the same person has on other channels (A1). unlink.py takes it back."""

import re

from core.customer.claim import ClaimRefused, answer, claim, deny
from core.customer.linking import verify_phone
from core.customer.proof import PhoneProof
from core.dialogue.choices import plain
from core.dialogue.facts import phone_number
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, unlink
from core.dialogue.topics.filed import words
from core.dialogue.topics.intake import STOP
from core.dialogue.topics.readback import YES
from core.dialogue.topics.unlink import NUMBER, POLITE
from core.staff.push import push
from core.ticket.filing import tickets_of

# Where a button can hand over the number that the provider itself has checked.
CONTACT_BUTTON = ("telegram",)
MOST = 3
_WISH = re.compile(
    rf"{POLITE}(?:绑定|关联|验证){NUMBER}?|{POLITE}(?:把)?(?:我的?)?(?:手机号?码?|电话号?码?|号码)(?:绑定|关联|验证)(?:一下)?|"
    r"(?:please )?(?:link|verify|bind|connect) (?:my |this )?(?:phone(?: number)?|number|account)",
    re.IGNORECASE,
)
_NOT_ME = re.compile(
    r"(?:这个?)?不是(?:我|本人)(?:本人)?(?:操作|弄|申请|要)?的?|(?:it(?:'s| was|'s) )?not me", re.IGNORECASE
)
_AROUND = re.compile(r"[\s,，。.!！?？~、:：]+|[吧呀啊哦的了呢吗]+$")
_PHONE = re.compile(r"(?<![A-Za-z])\+?\d[\d \-]{6,}\d")
_NO_CODE = re.compile(
    r"(?:没|未)有?(?:收|看)到|收不到|not received|no code|nothing came|did ?n[o']t (?:get|receive)",
    re.IGNORECASE,
)
_ABROAD = re.compile(r"\+[1-9][\d ()-]{6,20}")
_CODE = re.compile(r"(?<!\d)\d(?:[ -]?\d){5}(?!\d)")


def wish(talk: Talk) -> bool:
    """绑定手机, 解除绑定, 不是我: read as whole sentences, for a washing machine has to be 绑定 to an app too."""
    if len(talk.text) > 60:
        return False
    spaced = re.sub(r"[\s.!?。！？]+$", "", _PHONE.sub("", talk.text)).strip()
    said = _AROUND.sub("", spaced)
    if not said or len(said) > 30 or talk.facts.slots.get("category"):
        return False
    if unlink.WISH.fullmatch(said) or unlink.WISH.fullmatch(spaced):
        unlink.ask(talk)
    elif _WISH.fullmatch(said) or _WISH.fullmatch(spaced):
        start(talk)
    elif _NOT_ME.fullmatch(said) or _NOT_ME.fullmatch(spaced):
        return _denied(talk)
    else:
        return False
    return True


def start(talk: Talk) -> None:
    """Ask for the number, unless it was told with the wish."""
    told, known = talk.facts.slots.get("phone"), talk.customer.phone
    if not talk.private:
        talk.say("link.private")
    elif told and not (talk.customer.phone_verified_at and told == known):
        _claim(talk, told)
    elif talk.customer.phone_verified_at:
        talk.say("link.already", tail=(known or "")[-4:])
        flow.ask_again(talk)
    else:
        _ask_number(talk)


def _ask_number(talk: Talk) -> None:
    known = talk.customer.phone
    if talk.channel in CONTACT_BUTTON:
        talk.say("link.ask_contact")
        ask_contact(talk)
        talk.ask("link_phone")
    elif known:
        talk.say("link.ask_known", tail=known[-4:])
        talk.ask("link_phone", ("1", "this_number"))
    else:
        talk.say("link.ask_phone")
        talk.ask("link_phone")


def ask_contact(talk: Talk) -> None:
    """A button that hands over one's own number, on channels that have one."""
    label = talk.house.book.text("link.share_contact", talk.language)
    talk.extra = {**talk.extra, "ask": "contact", "label": label}


def offer(talk: Talk) -> None:
    """After what we cannot show: the way to prove whose it is. A question of a form stays where it is."""
    question = talk.state.question
    if question is None or question.kind in ("menu", "comment", "link_offer"):
        talk.ask("link_offer", ("1", "link_phone"), slot=talk.facts.slots.get("phone"))


def offered(talk: Talk) -> bool:
    question = talk.state.question
    if question is None or not (talk.chosen() == "link_phone" or YES.fullmatch(talk.text)):
        return False
    talk.drop_question()
    if not talk.private:
        talk.say("link.private")
    elif question.slot:
        _claim(talk, question.slot)
    else:
        start(talk)
    return True


def number_told(talk: Talk) -> bool:
    told = talk.facts.slots.get("phone")
    if talk.chosen() == "this_number" and talk.customer.phone:
        told = talk.customer.phone
    told = told or (phone_number(talk.text) if _ABROAD.fullmatch(talk.text) else None)
    if told:
        _claim(talk, told)
    elif talk.facts.problems.get("phone"):
        talk.say("problem.phone")
        _ask_number(talk)
    elif STOP.fullmatch(talk.text):
        _leave(talk)
    else:
        return False
    return True


def _leave(talk: Talk) -> None:
    talk.drop_question()
    talk.say("link.left")
    flow.go_on(talk)


def _claim(talk: Talk, phone: str) -> None:
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
        _leave(talk)
        return True
    return _code_in(talk, _CODE.search(talk.text))


def late_code(talk: Talk) -> bool:
    """Six digits, when something else was asked in between."""
    question = talk.state.question
    asked = question is not None and question.kind not in ("menu", "comment", "link_offer", "link_phone")
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


def _denied(talk: Talk) -> bool:
    denied = deny(talk.session, talk.house, talk.conversation.identity, at=talk.at, actor=talk.actor)
    if denied:
        _alert(talk, denied)
        talk.say("link.denied")
        flow.ask_again(talk)
    return bool(denied)


def _alert(talk: Talk, denied: list[PhoneProof]) -> None:
    push(
        talk.session,
        talk.house,
        key=f"proof_denied:{denied[0].id}",
        audience="desk",
        wording="push.proof_denied",
        at=talk.at,
        name=talk.customer.name or "—",
        phone=denied[0].phone,
        count=len(denied),
    )
