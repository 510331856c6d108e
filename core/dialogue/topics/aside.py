"""A training wanted in the middle of something else: one thing after the other, and neither is lost."""

import re

from core.dialogue.talk import Talk
from core.dialogue.topics import enrol, flow, seat

# 培训中心三楼 answers where to come to; only these wish for a training.
_WISH = re.compile(
    r"报名|报个?名|参加|(?:想|要|能|可以|需要|来).{0,4}(?:培训|上课|听课|学习)|(?:培训|课程?).{0,8}(?:吗|么|呢|怎么|哪|有没有|[?？])"
    r"|sign up|register|enrol|join|attend",
    re.IGNORECASE,
)
_OWN = (seat.FORM, "training")
# After these nothing else is begun in the same breath.
_ALONE = ("emergency", "talk_to_human", "opt_out", "menu", "misunderstood", "near")


def training(talk: Talk) -> bool:
    """Another form is open: the training comes after it, and what was asked is asked again.

    False as well when the message also answers what was asked; that is read next.
    """
    state = talk.state
    if state.form is None or talk.intent != "book_training" or not _WISH.search(talk.text):
        return False
    if state.form in _OWN:
        talk.say("training.under_way")
    else:
        state.later = talk.text
        talk.say("training.later")
    if state.question is not None and state.question.slot in talk.facts.slots:
        return False
    if state.question is None:
        flow.proceed(talk)
    else:
        flow.ask_again(talk)
    return True


def go_on(talk: Talk) -> None:
    """When the form is done: the one that was put aside for it, then the training that waits."""
    state = talk.state
    asked = state.question is not None and state.question.kind != "comment"
    if state.form is not None or asked or talk.outcome in _ALONE:
        return
    if state.parked is not None:
        state.unpark()
        talk.say("intake.unparked")
        flow.proceed(talk)
    elif state.later is not None:
        wish, state.later = state.later, None
        talk.say("training.now")
        enrol.choose(talk, wish=wish)
