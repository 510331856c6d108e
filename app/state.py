"""Who understands messages now, said plainly: on the page, in the terminal and to monitors."""

import os

from app.frontdoor import Frontdoor

# Set by ``frontdoor serve`` for its children when it started a model server of its own.
EXPECTED = "FRONTDOOR_NLU_EXPECTED"


def nlu_state(front: Frontdoor, language: str = "zh") -> dict[str, str]:
    """``source`` is rasa, preparing or keywords; ``reason`` is for people."""
    state = front.upkeep.nlu_state()
    source = state["state"]
    if source != "rasa" and os.environ.get(EXPECTED) and not front.upkeep.nlu_seen:
        source = "preparing"
    return {
        "source": source,
        "reason": front.house.book.text(f"nlu.{source}", language),
        "detail": state["reason"],
    }
