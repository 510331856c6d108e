"""A caller's words become an arrival like any other, leased to this step at once: no worker takes them while we do."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from core.call.model import Call
from core.dialogue.meaning import Meaning
from core.dialogue.understood import understood
from core.messaging.inbox import Inbound, InboxMessage, lease_new, receive
from ivr.line import Line, Words

OWNER = "voice"
LEASE_SECONDS = 20.0
PATIENCE = 60.0  # seconds for which the answer is the phone's to say; then the outbox takes it another way
_asking = ThreadPoolExecutor(40, "understanding")


@dataclass(frozen=True)
class Held:
    """What a step has in its hands: the call as it was stored last, the arrival, and what that means."""

    call: Call
    row: InboxMessage
    meaning: Future[tuple[str, Meaning]]


def hand_in(line: Line, words: Words) -> Held | None:
    """Store the words, and ask meanwhile what they mean; None for a recording that is known already."""
    inbound = inbound_of(line, words)
    meaning = _asking.submit(understood, inbound, line.phone.understand)
    row = lease_new(line.session, inbound, at=line.at, owner=OWNER, seconds=LEASE_SECONDS)
    number = row.id if row else receive(line.session, inbound, at=line.at)[0]
    line.state.pending = {"inbox": number, "holds": 0, "said": line.said}
    line.call.state = line.state.dump()
    return Held(line.call, row, meaning) if row else None


def inbound_of(line: Line, words: Words) -> Inbound:
    """The same recording is the same arrival, whoever tells of it; words belong to their step."""
    call, recorded = line.call, words.payload.get("recording")
    return Inbound(
        "voice",
        call.ours,
        f"{call.sid}:r:{recorded}" if recorded else f"{call.sid}:{call.step}",
        line.state.sender,
        text=words.text,
        conversation=call.sid,
        kind=words.kind,
        payload=words.payload,
        patience=PATIENCE,
    )
