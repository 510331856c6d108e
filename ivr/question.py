"""What all stations share: the keys of everywhere, speech that must be trusted before it is used, and hints."""

from collections.abc import Callable
from functools import cache, lru_cache

from core.knowledge.book import shipped_wording, table
from ivr.actions import ACTIONS
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.menu import EVERYWHERE, choice_words, hear, shipped_menu
from ivr.speak import Gather, Next, Speak
from ivr.spoken import pieces, spoken
from ivr.station import Missed
from nlu.emergency import emergency

MOST_HINTS = 160


def asked(line: Line, text: str, then: Next, *, barge: bool = True) -> Speak:
    """A question in pieces that are short enough for the ear."""
    return Speak(_heard(text), then, line.language, barge)


@lru_cache(maxsize=500)
def _heard(text: str) -> tuple[str, ...]:
    """Questions are few, and asked again and again."""
    return pieces(spoken(text))


def listening(line: Line, *, one: bool = True, timeout: int | None = None) -> Gather:
    """Keys and speech, with the words we expect."""
    seconds = timeout or line.policy()["silence_seconds"]
    return Gather(one=one, timeout=seconds, hints=hints(line.language, tuple(line.policy()["model_hints"])))


@cache
def hints(language: str, models: tuple[str, ...]) -> tuple[str, ...]:
    """Words that the recogniser should expect: the menu's, symptoms, devices, brands and models."""
    words = shipped_wording()[language]
    found = choice_words(shipped_menu(language))
    found += [word for key, word in words.items() if key.startswith(("symptom.", "category."))]
    found += [*models, *(row["brand"] for row in table("brands"))]
    return tuple(dict.fromkeys(str(word) for word in found))[:MOST_HINTS]


def one_key(heard: Heard) -> str:
    """The key that was pressed; Missed for several at once and for what no telephone has."""
    if len(heard.keys) != 1 or heard.keys not in "0123456789*":
        raise Missed
    return heard.keys


def held_nought(line: Line, heard: Heard) -> Words | None:
    """Danger: 0 held down reaches us as one 0 or as several at once, as the caller's line and the provider send it."""
    held = len(heard.keys) > 1 and not heard.keys.strip("0")
    return Words(line.text("voice.words.alarm"), "alarm") if held else None


def everywhere(line: Line, heard: Heard) -> tuple[bool, Words | None]:
    """Whether a key or word that means the same everywhere was used, and what came of it."""
    then = hear(line.menu, "more", heard.speech) if heard.speech else None
    action = EVERYWHERE.get(heard.keys) or (then.value if then and then.value in line.menu.everywhere else "")
    name, _, value = action.partition(" ")
    return (True, ACTIONS[name](line, value)) if name else (False, None)


def answered(line: Line, heard: Heard) -> Words | None:
    """Speech for the dialogue. What was heard badly is read back first; danger is never made to wait."""
    if not heard.speech:
        raise Missed
    sure = heard.confidence >= line.policy()["confidence"]
    if sure or emergency(heard.speech):
        return Words(heard.speech)
    state = line.state
    line.go("heard", words=heard.speech, back=[state.station, state.node, state.data])
    return None


def no_answer(_line: Line, _heard: Heard) -> Words | None:
    """Speech where only the station's own words are an answer."""
    raise Missed


def otherwise(
    line: Line, heard: Heard, speech: Callable[[Line, Heard], Words | None] = answered
) -> Words | None:
    """What is none of a station's own answers: a key or word of everywhere, or ``speech`` takes what was said.

    Raises Missed for any other key.
    """
    meant, words = everywhere(line, heard)
    if meant:
        return words
    if heard.keys:
        raise Missed
    return speech(line, heard)
