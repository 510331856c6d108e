"""A question in their own words: answered from the articles, or put to the trainer or a colleague (G3)."""

import re

from core.asked.ask import Known, ask, searched
from core.asked.put import Waits
from core.asked.whom import category_taught
from core.care.notice import moment
from core.customer.devices import devices_of
from core.dialogue.cues import symptom_of
from core.dialogue.lexicon import category_of
from core.dialogue.talk import Talk
from core.dialogue.topics import nearest, pair
from core.dialogue.topics.ask import about
from core.knowledge.questions import Answered, answer

# Words that were not understood are looked up only when they ask something.
_ASKS = re.compile(
    r"[?？]|吗|呢[。!！]?$|怎么|如何|怎样|咋|什么|哪|几|多久|多少|能不能|可不可以|要不要|是不是|为什么|how|what|why|when|where|can i",
    re.IGNORECASE,
)
_SHORTEST = 4
_GUESSED = 0.5  # a fault heard with less confidence may as well be a question


def put(talk: Talk) -> None:
    """Say the answer with its source, or who will answer and until when."""
    came = ask(
        talk.session,
        talk.house,
        asker=talk.customer,
        text=talk.text,
        group_id=None,
        category=product(talk),
        quote=None,
        at=talk.at,
        channel=talk.channel,
        conversation_id=talk.conversation.id,
        kind="training" if _to_trainer(talk) else "consultation",
        sense=talk.meaning.sense,
    )
    if isinstance(came, Known):
        pair.say(talk, came.found.pair, came.found.source)
        pair.ask_whether_it_helped(talk, str(came.row.id))
    else:
        say_waits(talk, came)


def known(talk: Talk) -> bool:
    """Nothing was understood for sure, but it asks something that the house can answer: then it is answered."""
    if not may_ask(talk):
        return False
    about, sense = searched(talk.text, None), talk.meaning.sense
    found = answer(talk.session, talk.house, talk.text, category=about, language=talk.language, sense=sense)
    if not isinstance(found, Answered):
        return False
    put(talk)
    return True


def asks(text: str) -> bool:
    """Whether words have the form of a question."""
    return len(text) >= _SHORTEST and _ASKS.search(text) is not None


def may_ask(talk: Talk) -> bool:
    """Words of which the dialogue is not sure, and that ask something."""
    vague = (
        talk.intent == "report_fault" and talk.meaning.confidence < _GUESSED and symptom_of(talk.text) is None
    )
    unsure = vague or talk.intent in ("out_of_scope", "provide_info")
    return unsure and asks(talk.text)


def product(talk: Talk) -> str | None:
    """What the question is about: as it says, as the talk was before, the only device on file, the course."""
    said = category_of(talk.text) or about(talk, "category") or talk.state.about
    if said:
        return said
    mine = {device.category for device in devices_of(talk.session, talk.customer)}
    return mine.pop() if len(mine) == 1 else category_taught(talk.session, talk.customer.id)


def _to_trainer(talk: Talk) -> bool:
    """It is meant for a trainer, whoever that is."""
    return talk.intent == "ask_training_question"


def say_waits(talk: Talk, came: Waits) -> None:
    """Honestly: not known here, who will answer, until when, and how to reach a person before; and what may be it."""
    who = "trainer" if came.row.trainer and came.row.trainer == came.row.put_to else "colleague"
    key = "asked.again" if came.again else f"asked.{who}"
    anybody = "word.trainer" if _to_trainer(talk) else "word.colleague"
    name = came.row.trainer or talk.house.book.text(anybody, talk.language)
    talk.say(key, name=name, due=moment(talk.house, came.due_at))
    nearest.offer(talk, came.row.id, came.nearest)
