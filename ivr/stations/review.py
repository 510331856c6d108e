"""A call that we place about a training: the five scores one after another, then whatever else is to be said."""

from core.care.optout import opt_out
from core.dialogue.score import score_of
from core.training.model import SCORES, TrainingSession
from core.training.review import missing, remark, says_nothing, scored
from core.training.review_call import review_of_call
from core.training.times import session_words
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked, listening, no_answer, otherwise
from ivr.speak import Hangup, Speak
from ivr.stations.placed import OPT_OUT
from nlu.emergency import emergency

RECORDED = "review"  # the purpose of a recording; part of a tape's name, so small letters alone


class TrainingReviewStation:
    """1 to 5, by key or in words; 8 no more such calls; 0 a person. What is given is kept at once, so a hang-up loses none."""

    def ask(self, line: Line) -> Speak:
        review = review_of_call(line.session, line.call)
        left = missing(review)
        if not left:  # they answered another way before they picked up
            return asked(line, line.text("voice.out.training_review.known"), Hangup())
        question = line.text(f"voice.out.training_review.{left[0]}")
        if not line.state.data.get("begun"):
            question = _greeting(line, review.by, review.session_id) + question
        return asked(line, question, listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.keys == OPT_OUT:
            return no_more(line)
        review = review_of_call(line.session, line.call, lock=True)
        score = int(heard.keys) if heard.keys in tuple("12345") else score_of(heard.speech)
        if score is None:
            return otherwise(line, heard, no_answer)
        if left := missing(review):
            following = scored(line.session, line.house, review, left[0], score, at=line.at)
            line.state.mark("reviewed" if following is None else "scored")
            line.go("training_review" if following else "training_words", begun=True)
        return None


def _greeting(line: Line, by: str, session_id: int) -> str:
    training = line.session.get_one(TrainingSession, session_id)
    words = session_words(line.house, training, line.language)
    name = (line.call.order or {})["facts"]["name"]
    return line.text(f"voice.out.training_review.{by}", **words, name=name, many=len(SCORES))


def no_more(line: Line) -> None:
    """No follow-up is asked of them any more."""
    customer = line.customer()
    if customer is not None:
        opt_out(line.session, customer, at=line.at)
    line.state.mark("opted_out")
    line.say("voice.out.opted_out")
    line.go("goodbye")


class TrainingWordsStation:
    """Free words: spoken, and written down by the recogniser, or 1 for a recording; 2 or silence for none."""

    def ask(self, line: Line) -> Speak:
        return asked(line, line.text("voice.out.training_review.words"), listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.keys == OPT_OUT:
            return no_more(line)
        if heard.keys == "1":
            line.go("record", purpose=RECORDED)
            return None
        if heard.keys == "2" or heard.silent or says_nothing(heard.speech):
            return thanks(line)
        return otherwise(line, heard, _said)


def _said(line: Line, heard: Heard) -> Words | None:
    """What was heard badly is recorded instead, for a person to hear; danger is never made to wait."""
    if emergency(heard.speech):
        return Words(heard.speech)
    if heard.confidence < line.policy()["confidence"]:
        line.say("voice.out.training_review.unclear")
        line.go("record", purpose=RECORDED)
        return None
    remark(review_of_call(line.session, line.call, lock=True), heard.words)
    return thanks(line)


def thanks(line: Line) -> None:
    line.say("voice.out.training_review.thanks")
    line.go("goodbye")
