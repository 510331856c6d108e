"""A form left alone for a while: 继续上次的报修?"""

import re
from datetime import timedelta

from core.care.notice import device_words
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, slots
from core.dialogue.topics.intake import report, start_repair
from core.dialogue.topics.readback import YES


def abandoned(talk: Talk) -> bool:
    """A form left alone for longer than the policy says, heard of again now."""
    heard, state = talk.conversation.last_heard_at, talk.state
    if state.form is None or heard is None:
        return False
    if state.ticket:  # already filed: nothing to resume, and nothing is lost
        if talk.at - heard > timedelta(minutes=talk.house.book.policy("intake_timeout_minutes")):
            state.forget_form()
        return False
    # A question that came from us meanwhile (a rating, a price) has the floor.
    if state.question is not None and state.question.kind not in (
        "slot",
        "confirm",
        "correct",
        "help",
        "door",
    ):
        return False
    return talk.at - heard > timedelta(minutes=talk.house.book.policy("intake_timeout_minutes"))


def offer_resume(talk: Talk) -> None:
    """继续上次的报修? What the message tells is kept for whichever way it goes on."""
    known = talk.state.slots
    slots.keep_facts(talk)
    device = device_words(talk.house, known.get("category"), known.get("brand"), talk.language)
    talk.say("intake.resume", device=device)
    talk.ask("resume", ("1", "resume"), ("2", "restart"))


def resumed(talk: Talk) -> bool:
    """Whether the form that was left unfinished goes on or is begun anew."""
    choice = talk.chosen()
    if choice == "restart" or re.search(r"重新|新的", talk.text):
        start_repair(talk)
    elif choice == "resume" or "继续" in talk.text or YES.fullmatch(talk.text) or talk.intent == "affirm":
        talk.drop_question()
        flow.proceed(talk)
    elif talk.intent == "report_fault":
        talk.state.forget_form()
        report(talk)
    else:
        return False
    return True
