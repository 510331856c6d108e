"""A device was named, but nothing we know was said of it: ask, rather than turn a customer away."""

from core.dialogue.facts import read
from core.dialogue.meaning import Meaning
from core.dialogue.state import SOFT
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, small


def offer(talk: Talk) -> bool:
    """是要报修吗? The customer's words are kept in the question for the answer."""
    question, category = talk.state.question, talk.facts.slots.get("category")
    waiting = question is not None and question.kind not in SOFT
    if category is None or talk.intent != "out_of_scope" or talk.state.form or waiting:
        return False
    talk.say("doubt", device=talk.label("category", category))
    talk.ask("doubt", ("1", "repair"), ("2", "something_else"), slot=talk.text[:500])
    return True


def answer(talk: Talk) -> bool:
    """Yes makes the words that were not understood the report; no leads to the menu."""
    choice, question = talk.chosen(), talk.state.question
    if question is None:
        return False
    if choice == "repair" or (choice is None and talk.intent == "affirm"):
        told = question.slot or ""
        known = read(Meaning(told, "report_fault", 0.0), today=talk.house.local(talk.at).date()).slots
        talk.state.forget_form()
        talk.state.form = "repair"
        talk.state.slots = {"symptom": "other", "nlu": "pending", "description": told, **known}
        flow.proceed(talk)
        return True
    if choice == "something_else" or (choice is None and talk.intent == "deny"):
        talk.drop_question()
        small.menu(talk)
        return True
    return False
