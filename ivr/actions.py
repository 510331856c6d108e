"""What a menu choice may do beside moving on and talking: one small function each."""

from collections.abc import Callable

from core.dialogue.draft import begun
from ivr.callbacks import start_callback
from ivr.line import Line, Words
from ivr.messages import send_text
from ivr.resume import unfinished
from ivr.role import to_role

Action = Callable[[Line, str], Words | None]


def person(line: Line, _value: str) -> Words:
    """The dialogue files what is known and tells the staff; then the call is connected (ivr/person.py)."""
    return Words(line.text("voice.words.person"))


def back(line: Line, _value: str) -> None:
    """One node up; out of a conversation, to the start. What was told there is kept and offered again."""
    state = line.state
    if state.station == "menu" and state.path:
        line.go("menu", node=state.path.pop())
    else:
        line.to_menu()


def repeat(line: Line, _value: str) -> None:
    """9: what was said, and the question, once more."""
    line.said = list(line.state.said)


def repair(line: Line, _value: str) -> Words | None:
    """A report that was begun before is offered first."""
    talk = line.talk()
    if begun(talk.form, talk.ticket, talk.slots) or unfinished(line.session, line.call, line.at):
        line.go("resume")
        return None
    return Words(line.text("voice.words.repair"))


def status(line: Line, _value: str) -> Words:
    line.state.after = "status"
    line.state.path = ["main"]
    return Words(line.text("voice.words.status"))


def ticket_number(line: Line, _value: str) -> None:
    line.go("enter", what="ticket")


def complain(line: Line, value: str) -> None:
    """``value`` is the kind of complaint."""
    line.go("tell", purpose="complaint", kind=value)


def suggest(line: Line, _value: str) -> None:
    line.go("tell", purpose="suggestion")


def training_code(line: Line, _value: str) -> None:
    line.go("enter", what="training")


def training_question(line: Line, _value: str) -> None:
    line.go("tell", purpose="training")


def hotline(line: Line, _value: str) -> None:
    line.go("hotline", page=0)


def hotline_dial(line: Line, _value: str) -> None:
    """The number that was told at this node."""
    line.say("voice.transfer")
    line.go("transfer", number=line.state.data.get("number", ""))


def hotline_send(line: Line, _value: str) -> None:
    """Sent in writing, once per call and number."""
    data = dict(line.state.data)
    sent = send_text(line, data.get("text", ""), key=f"hotline:{line.call.sid}:{data.get('number')}")
    line.say("voice.sent" if sent else "voice.not_sent", number=data.get("said", ""))
    line.to_menu("more")


def voicemail(line: Line, _value: str) -> None:
    line.go("record", purpose="voicemail")


def callback(line: Line, _value: str) -> None:
    start_callback(line)


def goodbye(line: Line, _value: str) -> None:
    line.go("goodbye")


ACTIONS: dict[str, Action] = {
    "person": person,
    "back": back,
    "repeat": repeat,
    "repair": repair,
    "status": status,
    "ticket_number": ticket_number,
    "role": to_role,
    "complain": complain,
    "suggest": suggest,
    "training_code": training_code,
    "training_question": training_question,
    "hotline": hotline,
    "hotline_dial": hotline_dial,
    "hotline_send": hotline_send,
    "voicemail": voicemail,
    "callback": callback,
    "goodbye": goodbye,
}
