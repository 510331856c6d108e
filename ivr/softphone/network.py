"""The phone network around one call: fetches what the call asks for, delivers callbacks, lets time pass, rings others."""

from collections.abc import Callable, Iterable
from random import Random

from ivr.softphone import machine, orders
from ivr.softphone.callee import Callee
from ivr.softphone.state import Call, Line, Request
from ivr.softphone.wire import Wire

_PASSING = ("speaking", "pausing")  # nothing is expected of the caller
_LATE = ("status", "recording")  # callbacks that come when they come


class Network:
    """``whisper`` leads a called person through the document of his own, and tells whether he takes the call."""

    def __init__(
        self,
        call: Call,
        wire: Wire,
        *,
        callees: Iterable[Callee] = (),
        shuffle: Random | None = None,
        whisper: Callable[[Line, Callee], bool] = lambda _line, _callee: True,
    ) -> None:
        self.call, self.wire = call, wire
        self._callees, self._shuffle, self._whisper = list(callees), shuffle, whisper
        self._held: list[Request] = []

    def settle(self) -> None:
        """Fetch what is asked for, and deliver what is to be told."""
        while not self.call.over and self.call.doing.request is not None:
            orders.answer(self.call, self.wire.fetch(self.call.doing.request))
            self._deliver()
        self._deliver()

    def listen(self, until: str = "") -> None:
        """Until something is expected of the caller, or a prompt with these words is being spoken."""
        self.settle()
        while not self.call.over and not self._rests(until):
            if self.call.doing.kind == "ringing":
                self.ring(self._callees.pop(0))
            else:
                machine.wait(self.call)
            self.settle()

    def pass_time(self, seconds: float) -> None:
        """Let time pass, through whatever ends by itself meanwhile."""
        target = self.call.clock + seconds
        self.settle()
        while self.call.clock < target and not self.call.over:
            machine.wait(self.call, target - self.call.clock)
            self.settle()

    def ring(self, callee: Callee) -> None:
        """Who is called decides: he answers (and is put through, unless he refuses at the whisper) or not."""
        call = self.call
        if callee.status == "no-answer" or call.clock + callee.ring >= call.doing.until:
            machine.wait(call)
            return
        machine.wait(call, callee.ring)
        if callee.status != "completed":
            machine.other_ends(call, callee.status)
            return
        if not self.pick_up(callee):
            machine.other_ends(call, callee.refused)
            return
        if callee.talk is not None:
            machine.wait(call, callee.talk)
            machine.other_ends(call)

    def pick_up(self, callee: Callee) -> bool:
        """Who is called answers; False when he refuses at the whisper."""
        leg = orders.whisper_line(self.call)
        if leg is not None and not self._whisper(leg, callee):
            return False
        machine.pick_up(self.call)
        return True

    def _rests(self, until: str) -> bool:
        doing = self.call.doing
        if doing.kind == "ringing":
            return not self._callees
        return doing.kind not in _PASSING or bool(until and until in doing.text)

    def _deliver(self) -> None:
        notices, self.call.notices = self.call.notices, []
        if self._shuffle is None:
            self._send(notices)
            return
        self._send([notice for notice in notices if notice.purpose not in _LATE])
        self._held += [notice for notice in notices if notice.purpose in _LATE]
        if self.call.over and self._held:
            held = self._held + self._shuffle.sample(self._held, self._shuffle.randint(0, len(self._held)))
            self._shuffle.shuffle(held)
            self._held = []
            self._send(held)

    def _send(self, notices: list[Request]) -> None:
        for notice in notices:
            orders.told(self.call, notice, self.wire.fetch(notice))
