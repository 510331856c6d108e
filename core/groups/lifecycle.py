"""The life of a Q&A group: a table of verbs, and one ``move()``."""

from datetime import datetime

from core.groups.model import QaGroup

# verb → (from, to)
MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "wait": (("planned", "lost"), "waiting_for_admin"),
    "open": (("planned", "waiting_for_admin"), "open"),
    "lose": (("waiting_for_admin", "open"), "lost"),
    "close": (("planned", "waiting_for_admin", "open", "lost"), "closed"),
    "hand_over": (("open",), "handed_over"),
}
ENDED = ("closed", "handed_over", "lost")


class BadGroupMove(Exception):
    """这个答疑群现在不能这样做。"""

    def __init__(self, verb: str, state: str) -> None:
        super().__init__(f"{verb}: the group is {state}")
        self.verb, self.state = verb, state


def may(group: QaGroup, verb: str) -> bool:
    """Whether ``verb`` is allowed in this state."""
    return group.state in MOVES[verb][0]


def move(group: QaGroup, verb: str, *, at: datetime, reason: str | None = None) -> None:
    """Take a group along its life, with the reason that staff read. BadGroupMove."""
    if not may(group, verb):
        raise BadGroupMove(verb, group.state)
    group.state = MOVES[verb][1]
    group.reason, group.changed_at = reason, at
    group.ended_at = at if group.state in ENDED else None
