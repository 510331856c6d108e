"""A person: rung one after another, waited for in line, or, when nobody can be reached, a message or a call back."""

from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked
from ivr.roster import closed_until, is_open, place_in_line, roster
from ivr.speak import Gather, Speak


def connect(line: Line) -> None:
    """After the dialogue has filed the wish: a moment for a second 0, then the line or the telephone of a person."""
    line.state.mark("person_wanted")
    line.go("connecting")


def connect_now(line: Line) -> None:
    """Ring somebody who is free, join the line, or offer what there is when nobody can be reached."""
    people = roster(line.session, at=line.at)
    if not is_open(line.house, line.at):
        line.say("voice.closed", opening=closed_until(line.house, line.at, line.language))
        closed(line)
    elif not people.phones:
        line.say("voice.nobody")
        closed(line)
    elif people.free and place_in_line(line.session, line.call) == 1:
        ring(line, people.free)
    else:
        line.go("queue", since=line.at.isoformat())


def alarm(line: Line) -> None:
    """Danger: whoever is on duty, at any hour, busy or not; the managers after them."""
    people = roster(line.session, at=line.at, urgent=True)
    if people.phones:
        ring(line, people.phones, urgent=True)
    else:
        line.say("voice.alarm.nobody")
        line.state.mark("alarm")


def ring(line: Line, people: list[tuple[str, str]], *, urgent: bool = False) -> None:
    """``people``: (name, telephone) in the order in which they are rung."""
    line.state.mark("alarm" if urgent else "person_wanted")
    state = line.state
    asking = [state.station, state.node, state.data] if urgent else None  # goes on when nobody is reached
    line.go("dial", people=[list(p) for p in people], urgent=urgent, then=asking)


def closed(line: Line) -> None:
    """What can be done while nobody is there: a call back or a message."""
    line.state.path = ["main"]
    line.go("menu", node="closed")


class ConnectingStation:
    """人工: anything but a second 0 goes on to the person."""

    def ask(self, line: Line) -> Speak:
        return asked(line, line.text("voice.connecting"), Gather(timeout=2, speech=False))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.keys.startswith("0"):
            return Words(line.text("voice.words.alarm"), "alarm")
        if heard.keys == "*":
            line.to_menu()
            return None
        connect_now(line)
        return None
