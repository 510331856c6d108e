"""继续上次的报修请按1: a report that an earlier call, or an earlier minute of this one, left unfinished."""

from core.dialogue.draft import begun
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked, listening, otherwise
from ivr.resume import take_over, unfinished
from ivr.speak import Speak


class ResumeStation:
    """``data["first"]``: offered with the greeting; 2 then leads to the menu."""

    def ask(self, line: Line) -> Speak:
        return asked(line, line.text("voice.resume"), listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.keys == "1" or "继续" in heard.speech or heard.speech.lower() in ("yes", "continue"):
            return self._go_on(line)
        if heard.keys == "2" or "重新" in heard.speech or heard.speech in ("不", "不用", "不是"):
            if line.state.data.get("first"):
                line.to_menu()
                return None
            return Words(line.text("voice.words.anew"))
        return otherwise(line, heard)

    def _go_on(self, line: Line) -> Words:
        conversation = line.conversation()
        talk = line.talk()
        if not begun(talk.form, talk.ticket, talk.slots):
            before = unfinished(line.session, line.call, line.at)
            if before is not None:
                take_over(before, conversation, line.at)
            return Words(line.text("voice.words.go_on"))
        talk.ask("resume", at=line.at, choices=[("1", "resume"), ("2", "restart")])
        conversation.state = talk.dump()
        return Words(line.text("voice.words.go_on"))
