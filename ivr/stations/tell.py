"""A grievance, an idea or a question in the caller's own words: spoken to the machine, or recorded for a person."""

from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import answered, asked, listening, otherwise
from ivr.speak import Record, Speak
from ivr.station import Missed


class TellStation:
    """``data``: purpose (complaint, suggestion, training) and kind of complaint."""

    def ask(self, line: Line) -> Speak:
        return asked(line, line.text(f"voice.tell.{line.state.data['purpose']}"), listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.keys == "1":
            line.go("record", **line.state.data)
            return None
        return otherwise(line, heard, _in_words)


def _in_words(line: Line, heard: Heard) -> Words | None:
    data = line.state.data
    found = answered(line, heard)
    return told(line, data, found.text) if found else None


def told(line: Line, data: dict[str, str], text: str) -> Words:
    """The words with what they are about, as the caller would have said it in one sentence."""
    about = line.label("voice.complaint", data["kind"]) if data.get("kind") else ""
    return Words(line.text(f"voice.words.{data['purpose']}", about=about, text=text))


class RecordStation:
    """A recording. ``data``: purpose, and whatever belongs to it; it comes back with the recording."""

    def ask(self, line: Line) -> Speak:
        policy, purpose = line.policy(), line.state.data["purpose"]
        text = line.text(f"voice.record.{purpose}")
        return asked(line, text, Record(purpose, most=policy["recording_seconds"]), barge=False)

    def take(self, line: Line, heard: Heard) -> Words | None:
        sid = heard.values.get("RecordingSid", "")[:64]
        if heard.event != "recorded" or not sid or heard.values.get("RecordingDuration", "") in ("0", ""):
            raise Missed
        return recording(line, sid, line.state.data)


def recording(line: Line, sid: str, data: dict[str, str]) -> Words:
    """The same arrival whether the call or the recording's own callback tells of it first (ivr/spoken_turn.py)."""
    about = line.label("voice.complaint", data["kind"]) if data.get("kind") else ""
    line.state.mark("recorded")
    payload = {
        "purpose": data["purpose"],
        "about": about,
        "recording": sid,
        "media": [{"id": sid, "kind": "voice", "name": f"{data['purpose']}.mp3"}],
    }
    return Words(data.get("text", ""), "recording", payload)
