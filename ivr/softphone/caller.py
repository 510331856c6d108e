"""``Caller``: one telephone for tests and scripts.

>>> phone = Caller("http://testserver/webhooks/voice/incoming", token=…, http=TestClient(app)).call()
>>> phone.press("1").say("空调不制冷").silence().hangup()
>>> phone.heard       # everything that was said, in order; ``phone.last``: since the caller last did something

Time is the call's own: prompts and silences cost nothing. After every action the phone listens until something is
expected of the caller (a Gather or Record waits, somebody talks, a round in the queue is over) or the call is over.
``until="报修"`` stops earlier, in the middle of the prompt with these words: the next key cuts it off.
"""

import time
import uuid
from collections.abc import Iterable
from random import Random
from typing import Any
from urllib.parse import urlsplit

import httpx

from ivr.softphone import machine, orders
from ivr.softphone.callee import Callee
from ivr.softphone.state import Call, Entry, Line, Request
from ivr.softphone.wire import NoPage, Page, Wire

KEY_SECONDS = 0.3  # between two keys that are pressed one after the other
_PASSING = ("speaking", "pausing")


class Caller:
    """A caller and the phone network between him and the webhooks.

    ``callees`` are taken one by one by what is dialled, ``ahead`` is the number of people before him in a queue,
    ``twice`` delivers every webhook two times as after a lost answer, ``shuffle`` holds the callbacks (status,
    recordings) back until the call is over and then delivers them in any order and some twice.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str,
        account: str = "AC" + "0" * 32,
        http: httpx.Client | None = None,
        caller: str = "+8613800138000",
        called: str = "+864008888888",
        sid: str = "",
        fallback: str = "",
        status: str = "",
        callees: Iterable[Callee] = (),
        ahead: int = 0,
        outside: str = "",
        inside: str = "",
        twice: bool = False,
        shuffle: Random | None = None,
        **line: Any,
    ) -> None:
        sid = sid or "CA" + uuid.uuid4().hex
        facts = {"fallback_url": fallback, "status_url": status, "began": time.time(), **line}
        self.line = Line(url, account, sid, caller, called, **facts)
        self.state = Call(self.line, ahead=ahead)
        self._http = http or httpx.Client(trust_env=False)
        self.wire = Wire(self._http, token, outside=outside, inside=inside, twice=twice)
        self._token, self._callees, self._shuffle = token, list(callees), shuffle
        self._held: list[Request] = []
        self._mark = 0
        self.legs: list[Caller] = []  # those who were called and heard a whisper

    # What the caller does

    def call(self, *, until: str = "", and_hangup: bool = False) -> "Caller":
        """Dial. ``and_hangup``: gone before the first document is there."""
        machine.dialled(self.state)
        return self._on(until, and_hangup)

    def press(
        self,
        keys: str,
        *,
        until: str = "",
        after: float = 0.0,
        at_once: bool = False,
        and_hangup: bool = False,
    ) -> "Caller":
        """Keys, one after the other; the first one ``after`` seconds from now. What a Gather does not take, waits.

        ``at_once``: all of them before the answer to the first one is there.
        """
        self._mark_now()
        self._pass(after)
        for number, key in enumerate(keys):
            if number and not at_once:
                self._pass(KEY_SECONDS)
            machine.press(self.state, key)
        return self._on(until, and_hangup)

    def say(
        self, words: str, *, confidence: str | None = "0.9", until: str = "", and_hangup: bool = False
    ) -> "Caller":
        """Speak. ``confidence`` is the recogniser's, as text; None leaves it out."""
        self._mark_now()
        machine.say(self.state, words, confidence)
        return self._on(until, and_hangup)

    def silence(self, *, until: str = "") -> "Caller":
        """Do nothing until what is waited for is given up: a Gather, a recording, ringing, a round in the queue."""
        self._mark_now()
        machine.wait(self.state)
        return self._on(until, False)

    def wait(self, seconds: float, *, until: str = "") -> "Caller":
        """Do nothing for so many seconds, whatever happens meanwhile, and then listen."""
        self._mark_now()
        self._pass(seconds)
        return self._on(until, False)

    def hangup(self) -> "Caller":
        self._mark_now()
        machine.hang_up(self.state)
        return self._on("", False)

    # What others do

    def pick_up(self, talk: float = 30.0, *, until: str = "") -> "Caller":
        """Somebody takes the caller out of the queue and talks to him for so long."""
        self._mark_now()
        machine.pick_up(self.state)
        machine.wait(self.state, talk)
        machine.other_ends(self.state)
        return self._on(until, False)

    def redirect(self, url: str, *, until: str = "") -> "Caller":
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
        return [entry for entry in self.state.journal if entry.kind == kind]

    # How it goes on

    def _on(self, until: str, and_hangup: bool) -> "Caller":
        if and_hangup:
            machine.hang_up(self.state)
        self._settle()
        while not self.state.over and not self._stop(until):
            if self.state.doing.kind == "ringing":
                self._ring()
            else:
                machine.wait(self.state)
            self._settle()
        return self

    def _stop(self, until: str) -> bool:
        doing = self.state.doing
        if doing.kind == "ringing":
            return not self._callees
        return doing.kind not in _PASSING or bool(until and until in doing.text)

    def _pass(self, seconds: float) -> None:
        """Let time pass, through whatever ends by itself meanwhile."""
        target = self.state.clock + seconds
        self._settle()
        while self.state.clock < target and not self.state.over:
            machine.wait(self.state, target - self.state.clock)
            self._settle()

    def _settle(self) -> None:
        """Fetch what is asked for, and deliver what is to be told."""
        while not self.state.over and self.state.doing.request is not None:
            orders.answer(self.state, self.wire.fetch(self.state.doing.request))
            self._deliver()
        self._deliver()

    def _deliver(self) -> None:
        notices, self.state.notices = self.state.notices, []
        if self._shuffle is None:
            self._send(notices)
            return
        late = [notice for notice in notices if notice.purpose in ("status", "recording")]
        self._send([notice for notice in notices if notice not in late])
        self._held += late
        if self.state.over and self._held:
            held = self._held + self._shuffle.sample(self._held, self._shuffle.randint(0, len(self._held)))
            self._shuffle.shuffle(held)
            self._held = []
            self._send(held)

    def _send(self, notices: list[Request]) -> None:
        for notice in notices:
            orders.told(self.state, notice, self.wire.fetch(notice))

    def _mark_now(self) -> None:
        self._mark = len(self.state.journal)

    def _ring(self) -> None:
        """The next callee decides: he answers (and is put through, unless he refuses at the whisper) or not."""
        callee = self._callees.pop(0)
        if callee.status == "no-answer" or self.state.clock + callee.ring >= self.state.doing.until:
            machine.wait(self.state)
            return
        machine.wait(self.state, callee.ring)
        if callee.status != "completed":
            machine.other_ends(self.state, callee.status)
        elif self._whispered(callee):
            machine.pick_up(self.state)
            if callee.talk is not None:
                machine.wait(self.state, callee.talk)
                machine.other_ends(self.state)
        else:
            machine.other_ends(self.state, callee.refused)

    def _whispered(self, callee: Callee) -> bool:
        leg = orders.whisper_line(self.state)
        if leg is None:
            return True
        child = Caller(leg.url, token=self._token, http=self._http, sid=leg.sid)
        child.line, child.state, child.wire = leg, Call(leg, status="in-progress"), self.wire
        self.legs.append(child)
        child.call()
        for step in callee.steps:
            if not child.state.over:
                orders.do(child, step)
        while not child.state.over:
            child.silence()
        return child.ended == "document"

    @property
    def host(self) -> str:
        """Scheme and host of the number's webhook."""
        parts = urlsplit(self.line.url)
        return f"{parts.scheme}://{parts.netloc}"


__all__ = ["Caller", "NoPage", "Page"]
