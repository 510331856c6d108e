"""What came of a call that we placed, and what follows: two tables, looked up once when the call ends."""

from dataclasses import dataclass

FINAL = ("completed", "busy", "failed", "no-answer", "canceled")
# What the person on the line did, in the order in which it counts.
ANSWERS = (
    "rated",
    "reviewed",
    "scored",
    "confirmed",
    "rescheduled",
    "withdrawn",
    "accepted",
    "handed_up",
    "snoozed",
    "opted_out",
    "person",
    "filed",
)
MACHINES = ("machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax")


@dataclass(frozen=True)
class Next:
    """``again``: which policy of ``voice_out.again`` (minutes) says when to try once more; ``person``: somebody is told."""

    again: str | None = None
    person: bool = False


DONE = Next()
# Outcome → what follows. After the last try every ``again`` is a person's turn.
FOLLOWS = {
    **dict.fromkeys(ANSWERS, DONE),
    "machine": Next(again="machine"),
    "hung_up": Next(again="hung_up"),
    "busy": Next(again="busy"),
    "no_answer": Next(again="no_answer"),
    "failed": Next(person=True),
    "unknown": Next(person=True),
    "canceled": DONE,
}
_BY_STATUS = {"busy": "busy", "no-answer": "no_answer", "failed": "failed", "canceled": "canceled"}


def outcome_of(status: str, answered_by: str | None, marks: list[str]) -> str:
    """One word for a call. A key outweighs a machine that was heard before it; ``unknown`` counts as a human."""
    done = next((answer for answer in ANSWERS if answer in marks), None)
    if done is not None:
        return done
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status != "completed":
        return "unknown"
    return "machine" if answered_by in MACHINES else "hung_up"
