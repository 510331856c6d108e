"""Somebody comes from a group into the private chat: what could not be asked there is asked here."""

from core.dialogue.talk import Talk
from core.dialogue.topics import emergency, small
from core.ticket.theirs import tickets_of


def come_in(talk: Talk) -> None:
    """An urgent ticket that nobody can reach the customer about comes first; else we greet."""
    urgent = [t for t in tickets_of(talk.session, talk.customer) if t.severity == "urgent"]
    unreached = next((t for t in urgent if not (t.phone and t.address)), None)
    if unreached is None or talk.state.form is not None:
        small.greet(talk)
        return
    talk.say("group.go_on", number=unreached.number)
    emergency.ask_how_to_reach(talk, unreached)
