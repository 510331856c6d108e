"""How a call ends well: with a call back that was promised, or with good-bye."""

from ivr.callbacks import promise_call
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked, listening, no_answer, otherwise
from ivr.speak import Hangup, Speak
from ivr.station import Missed


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
        if heard.keys == "0":  # led here because nobody can be reached
            raise Missed
        return otherwise(line, heard, no_answer)


class GoodbyeStation:
    """The last words; whoever stays on the line and presses a key is served."""

    def ask(self, line: Line) -> Speak:
        return asked(line, line.text("voice.goodbye"), Hangup())

    def take(self, line: Line, heard: Heard) -> Words | None:
        """A key after good-bye: whoever stays on the line is served."""
        line.to_menu()
        return None
