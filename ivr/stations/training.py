"""A call that we place about somebody's seat in a training: they come, they cannot, or they want a person."""

import re

from core.training.called import News, news_of
from core.training.seats import withdraw
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked, listening, otherwise
from ivr.speak import Speak

# Whole answers only: 能不能换一场 is neither, and goes to the dialogue.
_YES = re.compile(
    r"我?(能来?|可以|好|来|会来?|行|没问题|知道|确认|对|是)[的了吧啊呀，。!！\s]*|(yes|yeah|ok|okay)\W*"
)
_NO = re.compile(
    r"我?(不能?来|来不了|去不了|不能?去|不能|不行|没空|没时间|取消(报名)?)[的了吧啊呀，。!！\s]*|no\W*|i can'?t( come)?\W*"
)


class TrainingStation:
    """1 they come, 2 they cannot and the next who waits has the seat, 0 a person."""

    def ask(self, line: Line) -> Speak:
        news = news_of(line.session, line.call)
        key = f"voice.out.training_news.{'off' if news.name == 'cancelled' else 'ask'}"
        return asked(line, news.says(line.house, key, line.language), listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        news, said = news_of(line.session, line.call), heard.speech.lower()
        off = news.name == "cancelled"
        if not off and (heard.keys == "2" or _NO.fullmatch(said)):
            return _leaves(line, news)
        if heard.keys == "1" or _YES.fullmatch(said):
            line.state.mark("confirmed")
            line.say(f"voice.out.training_news.{'noted' if off else 'thanks'}")
            line.go("goodbye")
            return None
        return otherwise(line, heard)


def _leaves(line: Line, news: News) -> None:
    withdraw(line.session, line.house, news.training, news.enrolment, at=line.at)
    line.state.mark("withdrawn")
    line.say("voice.out.training_news.left")
    line.go("goodbye")
