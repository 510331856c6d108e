"""退货, 换货: a form of its own, whatever was begun before (B10)."""

from core.dialogue.state import OFFERS
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, slots

# Questions that a wish to return the thing puts aside.
_GIVES_WAY = ("slot", "help", "confirm", "correct", *OFFERS, "device", "where", "resume", "door")


def wish(talk: Talk) -> bool:
    """True when they want to return it or have it replaced; what a report already told goes with it."""
    state = talk.state
    if not talk.facts.slots.get("wants") or (talk.intent == "file_complaint" and "投诉" in talk.text):
        return False
    elsewhere = state.question is not None and state.question.kind not in _GIVES_WAY
    if elsewhere or (state.form == "return" and state.question is not None):
        return False
    if state.form != "repair":
        state.forget_form()
    state.form, state.helped = "return", True
    talk.drop_question()
    slots.keep_fault(talk)
    slots.keep_facts(talk)
    slots.from_archive(talk)
    flow.proceed(talk)
    return True
