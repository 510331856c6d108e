"""Rung one after another: those on duty, a line of the house, in danger the managers too."""

from ivr import role
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked
from ivr.speak import Dial, Speak
from ivr.station import Missed
from ivr.stations.person import closed

REACHED = ("completed", "answered")


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
        return self._nobody(line, urgent=data.get("urgent", False))

    def _nobody(self, line: Line, *, urgent: bool) -> Words | None:
        """The ticket and the push stand; in danger the dialogue goes on asking how to reach them."""
        if line.state.data.get("role"):
            return role.instead(line)
        if urgent:
            line.say("voice.alarm.nobody")
            asking = line.state.data.get("then")
            line.go(asking[0], node=asking[1], **asking[2]) if asking else closed(line)
        else:
            line.say("voice.nobody")
            closed(line)
        return None
