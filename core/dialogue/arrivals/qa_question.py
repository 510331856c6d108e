"""A question in a Q&A group is answered there; a fault goes on in private, for it needs a phone and an address (G3)."""

from dataclasses import asdict

from core.asked.ask import Known, ask
from core.asked.source import source_name
from core.care.notice import moment, reachable
from core.customer.model import Conversation
from core.dialogue.draft import watch_draft
from core.dialogue.state import State
from core.dialogue.talk import Talk
from core.dialogue.topics import intake, question, small
from core.groups.find import group_of
from core.groups.model import QaGroup
from core.knowledge.questions import Answered, answer
from core.messaging.inbox import OVERHEARD, InboxMessage
from core.messaging.outbox import say

_QUESTIONS = ("ask_howto", "ask_training_question")


def heard(talk: Talk, message: InboxMessage) -> str | None:
    """What was done with it; None: it is no group of ours, or something for the private chat."""
    group = _group(talk, message)
    if group is None or message.kind not in ("text", OVERHEARD):
        return None
    if talk.intent in _QUESTIONS or question.may_ask(talk):
        return _asked(talk, message, group)
    if talk.intent == "report_fault":
        return _repair(talk, group)
    return None


def overheard(talk: Talk, message: InboxMessage) -> str | None:
    """Said to nobody in particular: what we know is answered, what asks is asked for them; None: we keep silent."""
    group = _group(talk, message)
    if group is None:
        return None
    category = group.training.category
    found = answer(talk.session, talk.house, talk.text, category=category, language=talk.language)
    if isinstance(found, Answered):
        return _asked(talk, message, group)
    if not question.asks(talk.text):
        return None
    outcome = heard(talk, message)
    if outcome is None and talk.intent == "report_fault":  # and we cannot write to them first
        talk.say("qa_group.private")
        return "group"
    return outcome


def _group(talk: Talk, message: InboxMessage) -> QaGroup | None:
    group = group_of(talk.session, message)
    return group if group is not None and group.state == "open" else None


def _asked(talk: Talk, message: InboxMessage, group: QaGroup) -> str:
    """Within the product of the group; the others read the answer as well, and nothing of anybody's tickets."""
    came = ask(
        talk.session,
        talk.house,
        asker=talk.customer,
        text=talk.text,
        group_id=group.id,
        category=group.training.category,
        quote=str(message.id),
        at=talk.at,
        channel=talk.channel,
        sense=talk.meaning.sense,
    )
    if isinstance(came, Known):
        pair = came.found.pair
        source = source_name(talk.session, came.found.source)
        talk.say("asked.known.group", question=pair.question, answer=pair.answer, source=source)
        return "group_answered"
    who = "trainer" if came.row.trainer and came.row.trainer == came.row.put_to else "colleague"
    name = came.row.trainer or talk.house.book.text("word.colleague", talk.language)
    key = "asked.again.group" if came.again else f"asked.{who}.group"
    talk.say(key, name=name, due=moment(talk.house, came.due_at))
    return "group_asked"


def _repair(talk: Talk, group: QaGroup) -> str | None:
    """The report begins in the private chat, if there is one where nothing else is under way."""
    chat = reachable(talk.session, talk.customer.id)
    state = State.load(chat.state) if chat else State()
    if chat is None or state.form not in (None, "repair"):
        return None
    if group.training.category != "other":  # who says 黑屏了 there means the device they learned about
        talk.facts.slots.setdefault("category", group.training.category)
    private = Talk(
        session=talk.session,
        house=talk.house,
        conversation=chat,
        channel=chat.identity.channel,
        meaning=talk.meaning,
        facts=talk.facts,
        text=talk.text,
        typed=talk.typed,
        digit=None,
        at=talk.at,
        state=state,
    )
    small.introduce(private)
    private.say("asked.repair.from_group")
    intake.report(private)
    watch_draft(private)
    chat.state, chat.last_heard_at = state.dump(), talk.at
    _written(private, chat)
    talk.say("asked.repair.group")
    return "group_repair"


def _written(private: Talk, chat: Conversation) -> None:
    pending = private.state.question
    say(
        private.session,
        at=private.at,
        channel=chat.identity.channel,
        account=chat.identity.account,
        recipient=chat.identity.external_id,
        text="\n\n".join(private.said),
        choices=private.choices,
        conversation_id=chat.id,
        weight="result",
        question=asdict(pending) if pending is not None and private.choices else None,
        extra=private.extra,
    )
