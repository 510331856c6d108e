"""The person who is called by a Dial: how the ringing ends, and what is done when a whisper is heard."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Callee:
    """``Callee("busy")``, ``Callee("no-answer")``, ``Callee("failed")``, or one who answers after ``ring`` seconds, does
    ``steps`` at the whisper ("press 1" …) and talks for ``talk`` seconds; None: until the caller ends it."""

    status: str = "completed"
    ring: float = 4.0
    talk: float | None = 30.0
    steps: tuple[str, ...] = ("press 1",)
    # What DialCallStatus says of one who answered and was not put through; Twilio's pages leave it open.
    refused: str = "no-answer"
