"""The telephone in a terminal: for people with prompts, for scripts steps in and lines of JSON out."""

import json
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


def pipe(phone: Caller, lines: TextIO, out: TextIO) -> None:
    """One step a line; what is heard is printed before the next one. The end of the input hangs up."""
    shown = Shown(phone)
    phone.call()
    _reached(phone)
    _write(out, shown)
    for line in lines:
        if line.strip() and not phone.ended:
            do(phone, line)
            _write(out, shown)
    phone.hangup()
    _write(out, shown)


def _write(out: TextIO, shown: Shown) -> None:
    for line in shown.new():
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
    out.flush()


def converse(phone: Caller) -> None:
    """Keys are pressed, other words are said, an empty line is silence; Ctrl-D hangs up."""
    from rich.console import Console

    console, shown = Console(), Shown(phone)
    console.print(
        f"[dim]{phone.line.caller} → {phone.line.called} · {STEPS} · Ctrl-D 挂机 · Ctrl-D hangs up[/dim]"
    )
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
