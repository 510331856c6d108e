"""Words through the dialogue: its turn and the step of the call in one transaction, or one after the other.

Nothing is held while the model is asked. The long way (ivr/turn_awaited.py) is gone where somebody else works on the
words, or something happened to the call meanwhile.
"""

import structlog
from sqlalchemy.orm.exc import StaleDataError

from core.dialogue.turn import Turned, turn_within
from core.messaging.faults import reach
from core.messaging.lease import Lease
from ivr.after import after_turn
from ivr.decide import MISSES
from ivr.document import finish
from ivr.handed_in import Held
from ivr.line import Line
from ivr.phone import Phone
from ivr.running import line_of
from ivr.stations import person

_log = structlog.get_logger()


def turn_at_once(phone: Phone, held: Held) -> str | None:
    """The document that answers the words; None: it failed, or the call moved on, and nothing was kept."""
    try:
        answer = _turn(phone, held)
    except StaleDataError:  # they hung up, or the provider asked again
        return None
    except Exception:  # the long way has its own patience
        _log.exception("spoken turn failed", inbox=held.row.id)
        return None
    if answer is not None:
        phone.memory.remember(held.call)
    return answer


def _turn(phone: Phone, held: Held) -> str | None:
    text, meaning = held.meaning.result()
    row, database = held.row, phone.house.database
    lease = Lease(row.id, row.owner or "", row.attempt)
    with database.session(durable=database.is_sqlite) as session:
        session.add(held.call)
        turned = turn_within(session, phone.house, row, lease, text, meaning, aloud=True)
        if turned is None:
            return None
        reach("voice.turned")
        if turned.answer is not None and turned.answer.weight == "result":
            database.harden(session)  # what a caller is told of outlives a power cut
        line = line_of(session, phone, held.call)
        answer = step_after(line, turned)
        reach("voice.answering")
        session.commit()
        return answer


def step_after(line: Line, turned: Turned) -> str:
    """The step that follows a turn: what was waiting to be said, the answer, and who asks next."""
    pending, line.state.pending = line.state.pending, None
    line.said = list(pending["said"]) if pending else []
    after_turn(line, turned)
    return asked_again(line)


def asked_again(line: Line) -> str:
    """The document; who was not understood three times is connected to a person."""
    if line.state.misses >= MISSES:
        line.state.misses = 0
        line.say("voice.give_up")
        person.connect_now(line)
    return finish(line)
