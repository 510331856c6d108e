"""The phone as a channel: recordings are fetched, and what was to be said to somebody who has hung up goes elsewhere."""

from collections.abc import Mapping
from typing import Protocol

from core.messaging.channel import Fetched, Never, Outgoing


class Shelf(Protocol):
    """Where the recordings of one provider lie."""

    def fetch(self, provider_id: str, most: int) -> Fetched: ...


class VoiceChannel:
    """``shelves``: by the first two letters of their recordings' ids. Without one there is nothing to fetch."""

    name = "voice"

    def __init__(self, shelves: Mapping[str, Shelf]) -> None:
        self.shelves = dict(shelves)

    def send(self, message: Outgoing) -> str:
        """An answer that was not spoken in time: the caller has hung up. Only a result is worth another way."""
        if message.weight == "answer":
            return "hung-up"
        raise Never("the caller has hung up", lost=False)

    def fetch(self, provider_id: str, most: int) -> Fetched:
        """A recording by its id, never by an address that came with a webhook."""
        shelf = self.shelves.get(provider_id[:2])
        if shelf is None:
            raise Never("no recording of a provider that is set up", lost=False)
        return shelf.fetch(provider_id, most)
