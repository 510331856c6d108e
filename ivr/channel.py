"""The phone as a channel: recordings are fetched, and what was to be said to somebody who has hung up goes elsewhere."""

from collections.abc import Mapping
from typing import Protocol

from core.messaging.channel import Fetched, Never, Outgoing


class Shelf(Protocol):
    """Where the recordings of one provider lie."""

    def fetch(self, provider_id: str, most: int) -> Fetched: ...


class Places(Protocol):
    """A provider that calls somebody for us."""

    def place(self, message: Outgoing) -> str: ...


class VoiceChannel:
    """``shelves``: by the first two letters of their recordings' ids. Without a placer nobody is called."""

    name = "voice"

    def __init__(self, shelves: Mapping[str, Shelf], placer: Places | None = None) -> None:
        self.shelves = dict(shelves)
        self.placer = placer

    def send(self, message: Outgoing) -> str:
        """A call to place; or an answer that was not spoken in time: only a result is worth another way then."""
        if "call" in message.extra:
            if self.placer is None:
                raise Never("no telephone provider can call out", lost=False)
            return self.placer.place(message)
        if message.weight == "answer":
            return "hung-up"
        raise Never("the caller has hung up", lost=False)

    def fetch(self, provider_id: str, most: int) -> Fetched:
        """A recording by its id, never by an address that came with a webhook."""
        shelf = self.shelves.get(provider_id[:2])
        if shelf is None:
            raise Never("no recording of a provider that is set up", lost=False)
        return shelf.fetch(provider_id, most)
