"""``Phone``: what a caller does and what there is to see, on a line that is there already."""

from collections.abc import Iterable
from random import Random
from typing import Self

from ivr.softphone import machine, orders
from ivr.softphone.callee import Callee
from ivr.softphone.network import Network
from ivr.softphone.state import Call, Entry, Line
from ivr.softphone.wire import Wire

KEY_SECONDS = 0.3  # between two keys that are pressed one after the other


class Phone:
    """A telephone that obeys documents; steps go on until something is awaited from the caller."""

    def __init__(
        self,
        line: Line,
        wire: Wire,
        *,
        callees: Iterable[Callee] = (),
        ahead: int = 0,
        shuffle: Random | None = None,
        status: str = "ringing",
    ) -> None:
        self.line, self.wire = line, wire
        self.state = Call(line, ahead=ahead, status=status)
        self._network = Network(self.state, wire, callees=callees, shuffle=shuffle, whisper=self._whisper)
        self._mark = 0
        self.legs: list[Phone] = []  # those who were called and heard a whisper

    # What the caller does

    def call(self, *, until: str = "", outcome: str = "answered", and_hangup: bool = False) -> Self:
        """Dial. ``and_hangup``: gone before the first document is there.

        ``outcome`` of a call that we make (direction outbound-api): answered busy no-answer failed canceled.
        """
        machine.dialled(self.state, outcome)
        return self._on(until, and_hangup)

    def press(
        self,
        keys: str,
        *,
        until: str = "",
        after: float = 0.0,
        at_once: bool = False,
        and_hangup: bool = False,
    ) -> Self:
        """Keys, one after the other; the first one ``after`` seconds from now. What a Gather does not take, waits.

        ``at_once``: all of them before the answer to the first one is there.
        """
        self._mark_now()
        self._network.pass_time(after)
        for number, key in enumerate(keys):
            if number and not at_once:
                self._network.pass_time(KEY_SECONDS)
            machine.press(self.state, key)
        return self._on(until, and_hangup)

    def say(
        self, words: str, *, confidence: str | None = "0.9", until: str = "", and_hangup: bool = False
    ) -> Self:
        """Speak. ``confidence`` is the recogniser's, as text; None leaves it out."""
        self._mark_now()
        machine.say(self.state, words, confidence)
        return self._on(until, and_hangup)

    def silence(self, *, until: str = "") -> Self:
        """Do nothing until what is waited for is given up: a Gather, a recording, ringing, a round in the queue."""
        self._mark_now()
        machine.wait(self.state)
        return self._on(until, False)

    def wait(self, seconds: float, *, until: str = "") -> Self:
        """Do nothing for so many seconds, whatever happens meanwhile, and then listen."""
        self._mark_now()
        self._network.pass_time(seconds)
        return self._on(until, False)

    def hangup(self) -> Self:
        self._mark_now()
        machine.hang_up(self.state)
        return self._on("", False)

    # What others do

    def pick_up(self, talk: float | None = 30.0, *, until: str = "") -> Self:
        """Who is called answers, or the staff take the caller out of the queue; they talk for so long."""
        self._mark_now()
        if self.doing == "ringing":
            self._network.ring(Callee(talk=talk))
        else:
            machine.pick_up(self.state)
            machine.wait(self.state, talk)
            machine.other_ends(self.state)
        return self._on(until, False)

    def busy(self) -> Self:
        """Who is called is busy."""
        self._mark_now()
        if self.doing == "ringing":
            self._network.ring(Callee("busy"))
        return self._on("", False)

    def redirect(self, url: str, *, until: str = "") -> Self:
        """Somebody gives the live call another address by the REST interface."""
        self._mark_now()
        machine.redirected(self.state, url)
        return self._on(until, False)

    # What there is to see

    @property
    def heard(self) -> list[str]:
        """Everything that was said and played (♪ and the address)."""
        return [entry.text for entry in self.entries("heard")]

    @property
    def last(self) -> list[str]:
        """What was heard since the caller last did something."""
        return [entry.text for entry in self.state.journal[self._mark :] if entry.kind == "heard"]

    @property
    def recorded(self) -> list[str]:
        """What was said into recordings; their address and length are in ``entries("recorded")``."""
        return [entry.text for entry in self.entries("recorded")]

    @property
    def dialled(self) -> list[str]:
        """Numbers that were dialled for the caller."""
        return [entry.text for entry in self.entries("dial")]

    @property
    def errors(self) -> list[str]:
        """Documents that could not be had or executed, with Twilio's error numbers."""
        return [entry.text for entry in self.entries("error")]

    @property
    def requests(self) -> list[Entry]:
        return self.entries("request")

    @property
    def ended(self) -> str:
        """Why the call is over: document hangup caller rejected error loop time; empty while it lasts."""
        return self.state.ended

    @property
    def doing(self) -> str:
        """What goes on now: gathering recording ringing talking waiting speaking over …"""
        return self.state.doing.kind

    def entries(self, kind: str) -> list[Entry]:
        """Lines of the journal of one kind (see ``Entry``)."""
        return [entry for entry in self.state.journal if entry.kind == kind]

    def _on(self, until: str, and_hangup: bool) -> Self:
        if and_hangup:
            machine.hang_up(self.state)
        self._network.listen(until)
        return self

    def _mark_now(self) -> None:
        self._mark = len(self.state.journal)

    def _whisper(self, leg: Line, callee: Callee) -> bool:
        self.legs.append(whispered(leg, self.wire, callee))
        return self.legs[-1].ended == "document"


def whispered(leg: Line, wire: Wire, callee: Callee) -> Phone:
    """Somebody who was called hears the document of his number; he is put through when it ends by itself."""
    other = Phone(leg, wire, status="in-progress").call()
    for step in callee.steps:
        orders.do(other, step)
    while not other.ended:
        other.silence()
    return other
