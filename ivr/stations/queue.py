"""In line for a person."""

from datetime import datetime, timedelta

from ivr.callbacks import start_callback
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked
from ivr.roster import Roster, is_open, place_in_line, roster
from ivr.speak import Hold, Speak, Wait
from ivr.station import Missed
from ivr.stations.person import closed, ring


class QueueStation:
    """In line. ``data``: since, and leaving (dial, callback, alarm or closed) once the waiting is over."""

    def ask(self, line: Line) -> Speak:
        return asked(line, line.text("voice.queue"), Hold("person"))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.event != "left":
            raise Missed
        leaving, result = line.state.data.get("leaving"), heard.values.get("QueueResult", "")
        if leaving == "alarm":
            return Words(line.text("voice.words.alarm"), "alarm")
        if leaving == "callback":
            start_callback(line)
        elif leaving == "dial" and (free := roster(line.session, at=line.at).free):
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
        data, people, policy = line.state.data, roster(line.session, at=line.at), line.policy()
        place = place_in_line(line.session, line.call)
        ahead = place - 1
        if heard.keys == "1":
            data["leaving"] = "callback"
        elif heard.keys.startswith("0") and self._waited(line) < timedelta(seconds=policy["alarm_seconds"]):
            data["leaving"] = "alarm"  # the second 0 came when the line had begun already
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
        return self._waited(line) > timedelta(minutes=line.policy()["queue_minutes"])

    def _waited(self, line: Line) -> timedelta:
        return line.at - datetime.fromisoformat(line.state.data["since"])
