"""A question of the dialogue: its choices are keys, and whatever is said goes to the dialogue."""

from core.dialogue.state import Question
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked, listening, one_key, otherwise
from ivr.speak import Speak

MOST = 5  # choices in one breath
MORE = "8"
SLOW = ("help",)  # questions that are answered after something was tried


class TalkStation:
    """``data["page"]``: which choices are read out, where there are more than can be remembered."""

    def ask(self, line: Line) -> Speak:
        question = line.talk().question
        parts = [line.text("voice.choice", label=label, digit=key) for key, _, label in _page(line, question)]
        if _many(question):
            parts.append(line.text("voice.choice", label=line.text("voice.more"), digit=MORE))
        gap = ", " if line.language == "en" else "，"
        slow = question is not None and question.kind in SLOW
        timeout = line.policy()["trying_seconds"] if slow else None
        return asked(line, gap.join(parts), listening(line, timeout=timeout))

    def take(self, line: Line, heard: Heard) -> Words | None:
        question = line.talk().question
        if heard.keys:
            key = one_key(heard)
            if key == MORE and _many(question):
                line.state.data["page"] = line.state.data.get("page", 0) + 1
                return None
            chosen = next((k for pressed, k, _ in _page(line, question) if pressed == key), None)
            if chosen is not None:
                return Words(chosen)
        return otherwise(line, heard)


def _own(question: Question | None) -> list[list[str]]:
    return [pair for pair in question.choices if pair[0] != "0"] if question else []


def _many(question: Question | None) -> bool:
    return len(_own(question)) > MOST


def _page(line: Line, question: Question | None) -> list[tuple[str, str, str]]:
    """(key to press, key of the dialogue, label) of the choices that are read out now."""
    own = _own(question)
    start = line.state.data.get("page", 0) * MOST % max(1, -(-len(own) // MOST) * MOST)
    shown = own[start : start + MOST]
    keys = [str(place) for place in range(1, len(shown) + 1)] if _many(question) else [k for k, _ in shown]
    return [(key, pair[0], _label(line, pair[1])) for key, pair in zip(keys, shown, strict=True)]


def _label(line: Line, value: str) -> str:
    kind, _, rest = value.partition(":")
    if kind == "session":  # the code behind it is for the eye; the key is enough
        return rest.rpartition(" ")[0]
    return rest if kind == "device" else line.label("choice", value)
