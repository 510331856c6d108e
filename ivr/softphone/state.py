"""What is true of one call at one moment. All of it is data, so that a call can be kept as JSON between two steps."""

import hashlib
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ivr.softphone.document import Verb, parse
from ivr.softphone.grammar import VERBS, WAIT_VERBS, WHISPER_VERBS

LANGUAGES_OF_HAN = ("cmn", "zh", "yue")
CHARACTERS_PER_SECOND = 4.0  # how fast Mandarin is spoken
LONGEST_CALL = 4 * 3600.0  # seconds; Twilio's own limit
MOST_VERBS = 200  # between two things that the caller does: more is a loop

Kind = Literal[
    "next",  # the next verb is due
    "asking",  # a document has been asked for
    "speaking",  # something is said or played
    "pausing",
    "gathering",  # the prompts are over, keys or speech are awaited
    "recording",
    "ringing",  # a Dial rings
    "talking",  # with a person
    "waiting",  # in a queue, between two rounds of what is played there
    "over",
]


@dataclass(frozen=True)
class Line:
    """Who calls whom, and where the number's webhooks are."""

    url: str
    account: str
    sid: str
    caller: str = "+8613800138000"
    called: str = "+864008888888"
    direction: str = "inbound"
    method: str = "POST"
    fallback_url: str = ""
    status_url: str = ""
    status_events: tuple[str, ...] = ("completed",)
    recordings: str = "https://api.twilio.com"  # scheme and host of recordings
    extra: tuple[tuple[str, str], ...] = ()  # further fields of every request (AnsweredBy …)
    began: float = 0.0  # seconds since 1970, for the time stamps of status callbacks
    typed_ahead: bool = True  # keys pressed while nothing gathers wait for the next Gather
    whisper: bool = False  # the leg of a called person who hears a whisper


@dataclass
class Request:
    """An HTTP request that the phone network makes. ``fields`` in order; ``token`` is the same in every retry."""

    method: str
    url: str
    fields: list[tuple[str, str]]
    token: str
    purpose: str = "document"  # document | fallback | wait | after | status | recording
    push: bool = False  # the document is played beside the one that is waiting (Enqueue)


@dataclass
class Doing:
    """What the call is at, and until when."""

    kind: Kind = "next"
    text: str = ""
    until: float = 0.0  # by the call's clock: when it ends by itself
    request: Request | None = None


@dataclass
class Frame:
    """One document and how far it has been executed."""

    url: str
    text: str
    allowed: str = "call"  # call | wait | whisper
    cursor: int = 0

    @cached_property
    def verbs(self) -> tuple[Verb, ...]:
        """What may stand in a document depends on where it is obeyed."""
        return parse(
            self.text, allowed={"call": VERBS, "wait": WAIT_VERBS, "whisper": WHISPER_VERBS}[self.allowed]
        )

    @property
    def verb(self) -> Verb:
        """The verb in execution."""
        return self.verbs[self.cursor - 1]


@dataclass
class Gathering:
    """What was keyed so far."""

    digits: str = ""
    prompt: int = 0  # how many of the nested prompts have begun


@dataclass
class Recording:
    """Times by the call's clock."""

    started: float
    words: str = ""


@dataclass
class Dialling:
    """Times by the call's clock; ``answered`` is None while it rings."""

    sid: str
    since: float
    answered: float | None = None


@dataclass
class Queueing:
    """``since`` by the call's clock; ``verb`` has the attributes of the Enqueue."""

    name: str
    sid: str
    since: float
    url: str  # of the document with the Enqueue
    verb: dict[str, str]
    bridged: bool = False


@dataclass
class Entry:
    """One line of the call's journal. kind: heard beep pressed said request answer error dial record queue over."""

    at: float
    kind: str
    text: str
    detail: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """Everything of a call, so that it can be kept and go on in another process (ivr/softphone/keep.py)."""

    line: Line
    clock: float = 0.0  # seconds since the phone began to ring
    status: str = "ringing"
    frames: list[Frame] = field(default_factory=list)
    doing: Doing = field(default_factory=Doing)
    typed: str = ""
    gathering: Gathering | None = None
    recording: Recording | None = None
    dialling: Dialling | None = None
    queueing: Queueing | None = None
    verbs: int = 0  # executed since the caller last did something
    made: int = 0  # requests and ids made
    sequence: int = 0  # of status callbacks
    ahead: int = 0  # people before us in the queue
    journal: list[Entry] = field(default_factory=list)
    # Requests whose answer changes nothing: status, recordings, what is told after a hang-up.
    notices: list[Request] = field(default_factory=list)
    ended: str = ""  # document hangup caller rejected error loop time; empty while it lasts

    def note(self, kind: str, text: str, detail: dict[str, str] | None = None) -> None:
        self.journal.append(Entry(self.clock, kind, text, dict(detail or {})))

    def fresh(self, prefix: str) -> str:
        """A new id of Twilio's shape; the same call makes the same ids."""
        self.made += 1
        return prefix + hashlib.md5(f"{self.line.sid} {self.made}".encode()).hexdigest()

    def token(self) -> str:
        """The same in every replay of the same steps."""
        self.made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.line.sid} {self.made}"))

    @property
    def over(self) -> bool:
        return self.doing.kind == "over"
