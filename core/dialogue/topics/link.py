"""绑定手机: the wish, and whose number it is about (A1). link_code.py proves it, unlink.py takes it back."""

import re

from core.customer.claim import deny
from core.customer.proof import PhoneProof
from core.dialogue.facts import phone_number
from core.dialogue.state import SOFT
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, link_code, unlink
from core.dialogue.topics.readback import YES
from core.dialogue.topics.stop import STOP
from core.dialogue.topics.unlink import NUMBER, POLITE
from core.staff.push import push

# Where a button can hand over the number that the provider itself has checked.
CONTACT_BUTTON = ("telegram",)
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
_ABROAD = re.compile(r"\+[1-9][\d ()-]{6,20}")


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
        link_code.claim_number(talk, told)
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
    if question is None or question.kind in (*SOFT, "link_offer"):
        talk.ask("link_offer", ("1", "link_phone"), slot=talk.facts.slots.get("phone"))


def offered(talk: Talk) -> bool:
    """Whether they want to prove that it is theirs."""
    question = talk.state.question
    if question is None or not (talk.chosen() == "link_phone" or YES.fullmatch(talk.text)):
        return False
    talk.drop_question()
    if not talk.private:
        talk.say("link.private")
    elif question.slot:
        link_code.claim_number(talk, question.slot)
    else:
        start(talk)
    return True


def number_told(talk: Talk) -> bool:
    """The number that was asked for; False when the message is about something else."""
    told = talk.facts.slots.get("phone")
    if talk.chosen() == "this_number" and talk.customer.phone:
        told = talk.customer.phone
    told = told or (phone_number(talk.text) if _ABROAD.fullmatch(talk.text) else None)
    if told:
        link_code.claim_number(talk, told)
    elif talk.facts.problems.get("phone"):
        talk.say("problem.phone")
        _ask_number(talk)
    elif STOP.fullmatch(talk.text):
        link_code.leave(talk)
    else:
        return False
    return True


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
