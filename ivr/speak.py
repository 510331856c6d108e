"""What the phone does next, as a value: words, and one thing after them. Providers' dialects are made from it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Gather:
    """Wait for keys, speech or both. ``one``: a single key answers; else # ends the input."""

    one: bool = True
    speech: bool = True
    timeout: int = 6  # seconds of silence
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """Take a message. ``purpose`` says what it is for, and names its webhook."""

    purpose: str
    most: int = 120  # seconds
    silence: int = 5


@dataclass(frozen=True)
class Dial:
    """Connect to somebody; ``whisper``: they hear what it is about and press 1 before the caller hears them."""

    number: str
    timeout: int = 25
    whisper: bool = True
    record: bool = False


@dataclass(frozen=True)
class Hold:
    """Wait in the line for a person."""

    queue: str


@dataclass(frozen=True)
class Wait:
    """A piece of the waiting: said while in line, then asked again. ``leave``: the waiting is over."""

    pause: int = 10
    choices: bool = False
    leave: bool = False


@dataclass(frozen=True)
class Again:
    """Ask us again after a moment: the answer is not ready yet."""

    pause: int = 2


@dataclass(frozen=True)
class Hangup:
    """Good-bye has been said."""


Next = Gather | Record | Dial | Hold | Wait | Again | Hangup


@dataclass(frozen=True)
class Speak:
    """``said`` are pieces of at most 15 seconds."""

    said: tuple[str, ...]
    then: Next
    language: str = "zh"
    barge: bool = field(default=True)  # a key cuts the words off
