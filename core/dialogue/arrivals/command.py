"""Commands of a chat's menu (/repair, /status): each is a topic that words would lead to as well."""

from collections.abc import Callable

from core.dialogue.arrivals.invited import come_in
from core.dialogue.engine import respond
from core.dialogue.talk import Talk
from core.dialogue.topics import ask, care, complaint, flow, intake, person, small, status
from core.messaging.inbox import InboxMessage


def given(talk: Talk, message: InboxMessage) -> str:
    """``payload``: command, one of COMMANDS; what was typed after it is ``talk.text``."""
    name: str = message.payload["command"]
    if talk.text and name not in OF_THEIR_OWN:
        respond(talk)  # /repair 空调不制冷, /repair 漏电了: the words say more than the command
        return talk.outcome
    if talk.text:
        small.introduce(talk)
    before = talk.state.question
    COMMANDS[name](talk)
    if before is not None and talk.state.question is before:
        flow.ask_again(talk)
    return name


def _language(talk: Talk) -> None:
    """/language en, /language zh, or simply the other one."""
    wish = talk.text.strip().lower()
    other = "zh" if talk.language == "en" else "en"
    talk.customer.language = wish if wish in ("zh", "en") else other
    talk.say("language.switched")


COMMANDS: dict[str, Callable[[Talk], None]] = {
    "repair": intake.start_repair,
    "status": status.tell,
    "complain": complaint.start,
    "fees": ask.fee,
    "person": person.hand_over,
    "language": _language,
    "stop": care.opt_out,
    "help": small.menu,
    "private": come_in,
}
# These read what follows them themselves.
OF_THEIR_OWN = ("status", "language", "private")
