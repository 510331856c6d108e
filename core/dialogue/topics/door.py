"""A place that was shared ends at the street: the door number is asked for."""

import re

from core.dialogue.talk import Talk
from core.dialogue.topics import flow, slots
from core.dialogue.topics.readback import YES
from core.dialogue.topics.stop import STOP, stop
from core.service.regions import locate
from core.ticket.filing import add_facts
from core.ticket.find import find

LONGEST = 60
_NONE = re.compile(
    r"(?:没有?|无|不用|就这里?|就在?这里|就是这里|跳过|不知道|就这个地址|没有?门牌号?|skip|none|no|that'?s it)[了吧的。.!！]*",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:我?家?(?:的)?(?:门牌号?|房号|地址)(?:是|为|:)?|我?家?(?:住|在)+|是)[:：\s]*")


def fill(talk: Talk, address: str) -> None:
    """Put the place into the form; a ticket that was filed early gets it at once, for nobody may ever answer."""
    talk.state.slots["address"] = talk.state.slots["_checked_address"] = address
    if "address" in talk.state.skipped:
        talk.state.skipped.remove("address")
    if talk.state.ticket:
        ticket = find(talk.session, talk.state.ticket)
        facts = {"address": address}
        add_facts(talk.session, talk.house, ticket, facts, at=talk.at, actor=talk.actor, channel=talk.channel)
    talk.say("place.filled", address=address)
    ask(talk)


def ask(talk: Talk) -> None:
    """A shared place ends at the house: which flat, asked as a part of the address."""
    talk.say("place.door")
    talk.ask("door", slot="address")


def answer(talk: Talk) -> bool:
    """3栋2单元501 goes behind the place; a whole address replaces it; 没有 leaves it."""
    state = talk.state
    if state.form is None or not state.slots.get("address"):
        return False
    if STOP.fullmatch(talk.text):
        stop(talk)
        return True
    as_it_is = _NONE.fullmatch(talk.text) or YES.fullmatch(talk.text)
    if not as_it_is and not _take(talk):
        return False
    talk.drop_question()
    flow.proceed(talk)
    return True


def _take(talk: Talk) -> bool:
    told = talk.facts.slots.pop("address", None)
    region = locate(str(told)) if told else None
    others = [
        name for name in talk.facts.slots if name not in ("ticket_no", "invoice_no", "model", "error_code")
    ]
    if told and region is not None and region.city is not None:
        talk.state.slots["address"] = told
    elif told or (
        re.search(r"\d|[栋幢楼单元号室层门小区苑园村寓厦场店校院里弄巷街路]", talk.text)
        and len(talk.text) <= LONGEST
        and not others
    ):
        talk.state.slots["address"] += str(told or _LEAD.sub("", talk.text).strip())
    elif not others or talk.intent not in ("provide_info", "affirm", "out_of_scope"):
        return False
    slots.keep_facts(talk)
    talk.state.slots["_checked_address"] = talk.state.slots["address"]
    return True
