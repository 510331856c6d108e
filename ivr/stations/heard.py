"""Words that the recogniser was not sure of, read back before they are used."""

from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import answered, asked, listening, otherwise
from ivr.speak import Speak

SHOWN = 40  # characters that are read back
_YES = ("对", "是", "对的", "是的", "没错", "yes", "right", "correct")
_NO = ("不对", "不是", "错了", "no", "wrong")


class HeardStation:
    """``data``: words, and back (station, node, data) where they were said."""

    def ask(self, line: Line) -> Speak:
        return asked(line, line.text("voice.heard", words=line.state.data["words"][:SHOWN]), listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        words, back = line.state.data["words"], line.state.data["back"]
        bare = heard.speech.strip("。，.!, ").lower()
        if heard.keys == "1" or bare in _YES:
            self._return(line, back)
            return Words(words)
        if heard.keys == "2" or bare in _NO:
            self._return(line, back)
            line.say("voice.say_again")
            return None
        return otherwise(line, heard, self._said_anew)

    def _said_anew(self, line: Line, heard: Heard) -> Words | None:
        self._return(line, line.state.data["back"])
        return answered(line, heard)

    def _return(self, line: Line, back: list) -> None:  # type: ignore[type-arg]
        line.go(back[0], node=back[1], **back[2])
