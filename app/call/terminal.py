"""The telephone in a terminal: for people with prompts, for scripts steps in and lines of JSON out."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TextIO

from ivr.softphone import Caller
from ivr.softphone.orders import STEPS, BadStep, do
from ivr.softphone.state import Entry

# What is no words but worth knowing, and where its text belongs.
_EVENTS = {
    "beep": "tone",
    "dial": "to",
    "queue": "name",
    "recorded": "words",
    "error": "reason",
    "over": "reason",
}
# What may be done with a call that rings, instead of picking up.
REFUSALS = {"busy": "busy", "silence": "no-answer"}


class Away(Exception):
    """Nobody answers at the server's address."""


class Shown:
    """What has been told of the call's journal so far."""

    def __init__(self, phone: Caller) -> None:
        self._phone, self._told = phone, 0

    def new(self) -> list[dict[str, Any]]:
        """Since the last look: ``text`` is what is heard, empty for an ``event``; ``at`` in seconds of the call."""
        entries = self._phone.state.journal[self._told :]
        self._told += len(entries)
        return [line for entry in entries if (line := _line(entry))]


def _line(entry: Entry) -> dict[str, Any] | None:
    at = round(entry.at, 1)
    if entry.kind == "heard":
        return {"text": entry.text, "at": at}
    if entry.kind in _EVENTS:
        return {"text": "", "at": at, "event": entry.kind, _EVENTS[entry.kind]: entry.text}
    return None


def pipe(phone: Caller, lines: Iterable[str], out: TextIO, *, rings: str = "") -> None:
    """One step a line; what is heard is printed before the next one. The end of the input hangs up.

    ``rings``: of a call to this telephone, what it is about; the first step may refuse it.
    """
    shown, steps = Shown(phone), iter(lines)
    if rings:
        _print(out, {"text": "", "at": 0.0, "event": "ringing", "purpose": rings})
        steps = _take(phone, steps)
    else:
        phone.call()
    _reached(phone)
    _write(out, shown)
    for line in steps:
        if line.strip() and not phone.ended:
            do(phone, line)
            _write(out, shown)
    phone.hangup()
    _write(out, shown)


def _take(phone: Caller, steps: Iterator[str]) -> Iterator[str]:
    """Pick up what rings, unless the first step refuses it; the steps that are left."""
    first = next(steps, "")
    refusal = REFUSALS.get(first.strip())
    phone.call(outcome=refusal or "answered")
    return steps if refusal else chain([first], steps)


def _write(out: TextIO, shown: Shown) -> None:
    for line in shown.new():
        _print(out, line)


def _print(out: TextIO, line: dict[str, Any]) -> None:
    out.write(json.dumps(line, ensure_ascii=False) + "\n")
    out.flush()


def converse(phone: Caller, *, rings: str = "") -> None:
    """Keys are pressed, other words are said, an empty line is silence; Ctrl-D hangs up."""
    from rich.console import Console

    console, shown = Console(), Shown(phone)
    console.print(
        f"[dim]{phone.line.caller} → {phone.line.called} · {STEPS} · Ctrl-D 挂机 · Ctrl-D hangs up[/dim]"
    )
    if rings:
        answer = console.input(f"[bold green]☎ {rings}[/] [dim]Enter · busy · silence[/] ")
        phone.call(outcome=REFUSALS.get(answer.strip(), "answered"))
    else:
        phone.call()
    _reached(phone)
    _show(console, shown)
    while not phone.ended:
        try:
            line = console.input("[bold cyan]> [/]")
        except EOFError:
            phone.hangup()
        else:
            _obey(console, phone, line.strip())
        _show(console, shown)


def _obey(console: Any, phone: Caller, line: str) -> None:
    if not line:
        phone.silence()
    elif set(line) <= set("0123456789*#"):
        phone.press(line)
    else:
        try:
            do(phone, line)
        except BadStep:
            phone.say(line)


def _show(console: Any, shown: Shown) -> None:
    from rich.markup import escape

    for line in shown.new():
        if line["text"]:
            console.print(escape(line["text"]))
        else:
            event = line["event"]
            console.print(f"[dim]{event} {escape(line[_EVENTS[event]])}[/dim]")


def _reached(phone: Caller) -> None:
    """A call that nobody could take is no call."""
    if phone.errors and not phone.heard and phone.errors[0].startswith(("11205", "11210")):
        raise Away(phone.errors[0])
