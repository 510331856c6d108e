"""直接报修, 派个师傅: somebody who wants a technician and no self-help (A4)."""

import re

from core.dialogue.talk import Talk
from core.dialogue.topics import flow, slots
from core.dialogue.topics.intake import report, start_repair

OUTRIGHT = re.compile(
    r"直接报修|直接派|直接登记|派(?:个|一?位)?师傅|叫(?:个)?师傅|师傅上门|上门维修|上门修|上门看|(?:派|喊|叫|找)(?:一?个)?人来"
)
_REPORT = re.compile(
    r"(?:要|想|来|帮我|给我|需要)报修|^报修|帮我登记|(?:request|need|want|book) (?:a )?repair", re.IGNORECASE
)
_NOT_A_REPORT = (
    "ask_ticket_status", "cancel_ticket", "reschedule_visit", "file_complaint", "ask_contact", "ask_warranty_or_fee",
    "request_install", "give_suggestion",
)  # fmt: skip


def wish(talk: Talk) -> bool:
    """直接报修 leaves the self-help out, or ends it; 我要报修 alone starts a report (A4)."""
    outright = OUTRIGHT.search(talk.text) is not None
    if talk.intent in _NOT_A_REPORT or not (outright or _REPORT.search(talk.text)):
        return False
    if talk.state.form is not None and (
        talk.state.ticket or (talk.state.form == "repair" and talk.state.question)
    ):
        _no_more_help(talk)
    elif talk.intent == "report_fault" and talk.facts.slots.get("category"):
        report(talk, outright=outright)
    else:
        start_repair(talk)
    return True


def _no_more_help(talk: Talk) -> None:
    """No more help; a fault told only vaguely will do, the technician sees the rest."""
    state = talk.state
    state.helped = True
    vague = state.slots.get("_vague_words")
    if vague and state.question is not None and state.question.slot == "description":
        state.slots.setdefault("description", vague)
    talk.drop_question()
    slots.keep_facts(talk)
    flow.proceed(talk)
