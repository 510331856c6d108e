"""A person: rung one after another, waited for in line, or, when nobody can be reached, a message or a call back."""

from datetime import datetime, timedelta

from ivr.callbacks import promise_call, start_callback
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked, everywhere, listening, one_key
from ivr.roster import Roster, closed_until, is_open, place_in_line, roster
from ivr.speak import Dial, Gather, Hangup, Hold, Speak, Wait
from ivr.station import Missed

REACHED = ("completed", "answered")


def connect(line: Line) -> None:
    """After the dialogue has filed the wish: a moment for a second 0, then the line or the telephone of a person."""
    line.state.mark("person_wanted")
    line.go("connecting")


def connect_now(line: Line) -> None:
    """Ring somebody who is free, join the line, or offer what there is when nobody can be reached."""
    people = roster(line.session)
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
    people = roster(line.session, urgent=True)
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


class DialStation:
    """Rings one after another. ``data``: people still to ring (the first is being rung), accepted, urgent."""

    def ask(self, line: Line) -> Speak:
        policy, people = line.policy(), line.state.data["people"]
        key = "voice.alarm.ringing" if line.state.data.get("urgent") else "voice.ringing"
        record = bool(policy["record_talks"])
        text = line.text(key) + (line.text("voice.recorded") if record else "")
        return asked(line, text, Dial(people[0][1], timeout=policy["ring_seconds"], record=record))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.event != "dialled":
            raise Missed
        data = line.state.data
        # Somebody's mailbox answers too: where we whispered, only who pressed 1 was reached.
        accepted = data.get("accepted") or not data.get("whispered")
        if heard.values.get("DialCallStatus") in REACHED and accepted:
            line.state.mark("person")
            line.say("voice.after_person")
            line.to_menu("more")
            return None
        rest = data["people"][1:]
        if rest:
            line.go("dial", people=rest, urgent=data.get("urgent", False), then=data.get("then"))
            return None
        line.state.mark("not_reached")
        self._nobody(line, urgent=data.get("urgent", False))
        return None

    def _nobody(self, line: Line, *, urgent: bool) -> None:
        """The ticket and the push stand; in danger the dialogue goes on asking how to reach them."""
        if urgent:
            line.say("voice.alarm.nobody")
            asking = line.state.data.get("then")
            line.go(asking[0], node=asking[1], **asking[2]) if asking else closed(line)
        else:
            line.say("voice.nobody")
            closed(line)


class QueueStation:
    """In line. ``data``: since, and leaving (dial, callback or closed) once the waiting is over."""

    def ask(self, line: Line) -> Speak:
        return asked(line, line.text("voice.queue"), Hold("person"))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.event != "left":
            raise Missed
        leaving, result = line.state.data.get("leaving"), heard.values.get("QueueResult", "")
        if leaving == "callback":
            start_callback(line)
        elif leaving == "dial" and (free := roster(line.session).free):
            ring(line, free)
        elif result == "bridged":
            line.state.mark("person")
            line.say("voice.after_person")
            line.to_menu("more")
        elif leaving == "dial":
            line.go("queue", since=line.state.data["since"])  # somebody else was quicker
        else:
            line.say("voice.queue.full" if result == "queue-full" else "voice.nobody")
            closed(line)
        return None

    def wait(self, line: Line, heard: Heard) -> Speak:
        """What is heard while waiting: asked again and again, so it changes nothing but how the waiting ends."""
        data, people = line.state.data, roster(line.session)
        place = place_in_line(line.session, line.call)
        ahead = place - 1
        if heard.keys == "1":
            data["leaving"] = "callback"
        elif not people.phones or not is_open(line.house, line.at) or self._too_long(line):
            data["leaving"] = "closed"
        elif place == 1 and people.free:
            data["leaving"] = "dial"
        if data.get("leaving"):
            return Speak((), Wait(leave=True), line.language)
        return self._place(line, ahead, people)

    def _place(self, line: Line, ahead: int, people: Roster) -> Speak:
        policy = line.policy()
        minutes = max(1, round((ahead + 1) * policy["talk_minutes"] / max(1, len(people.phones))))
        text = line.text("voice.queue.place", ahead=ahead, minutes=minutes)
        many = ahead > 1
        if many:
            text += line.text("voice.queue.callback")
        return asked(line, text, Wait(policy["wait_seconds"], choices=True))

    def _too_long(self, line: Line) -> bool:
        since = datetime.fromisoformat(line.state.data["since"])
        return line.at - since > timedelta(minutes=line.policy()["queue_minutes"])


class CallbackStation:
    """A call back: the number is known, or keyed first. Ends the call with what was promised."""

    def ask(self, line: Line) -> Speak:
        customer = line.customer()
        phone = customer.phone if customer else ""
        return asked(line, line.text("voice.callback.ask", phone=phone), listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        customer = line.customer()
        if heard.keys == "2":
            line.go("enter", what="phone", purpose="callback")
            return None
        if heard.keys == "1" or heard.silent or heard.speech[:1] in ("对", "是", "好"):
            promise_call(line, customer.phone if customer else "")
            return None
        meant, words = everywhere(line, heard)
        if meant and heard.keys != "0":
            return words
        if heard.keys and heard.keys != "0":
            one_key(heard)
        raise Missed


class GoodbyeStation:
    def ask(self, line: Line) -> Speak:
        return asked(line, line.text("voice.goodbye"), Hangup())

    def take(self, line: Line, heard: Heard) -> Words | None:
        """A key after good-bye: whoever stays on the line is served."""
        line.to_menu()
        return None
