"""Steps that only move about in the menu: worked out from memory, kept by one statement, and no thread is asked.

Most steps of a call are such. Whatever needs the database is taken the long way (ivr/exchange.py).
"""

from ivr.decide import decide, too_long
from ivr.document import finish
from ivr.heard import Heard
from ivr.phone import Phone
from ivr.running import line_of
from ivr.stations.menu import moves_only


async def take_swiftly(phone: Phone, heard: Heard) -> str | None:
    """The document that answers a step about the menu; None where the long way must be gone."""
    known = phone.memory.of(heard.sid)
    if known is None or known.step != heard.step or not heard.keys or not _reads_nothing(phone):
        return None
    call = known.call()
    line = line_of(None, phone, call)
    if not moves_only(line, heard) or line.state.pending or too_long(line):
        return None
    decide(line, heard)
    answer = finish(line)
    return answer if await phone.memory.keep(known, call) else None


def _reads_nothing(phone: Phone) -> bool:
    """Whether wording, menus and the time come without the database: looking there would stop the event loop."""
    return phone.house.book.is_fresh() and phone.menus.is_fresh() and not phone.house.clock.reads
