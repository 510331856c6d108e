"""The built product: its parts, its workers, and how they start and stop. Made in wiring.py."""

import os
import socket
from dataclasses import dataclass, field
from typing import Protocol

from fastapi import APIRouter
from sqlalchemy import ColumnElement

from app.settings import Settings
from app.upkeep import Upkeep
from bot.webchat.channel import WebchatChannel
from core.dialogue.turn import take_turn
from core.house import House
from core.media.fetch import fetch_one
from core.media.model import Media
from core.media.store import MediaStore
from core.messaging.carried import Answered
from core.messaging.channel import Channel
from core.messaging.delivery import send_one
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.messaging.post import Bell, Pump
from core.messaging.reception import Reception
from ivr.phone import Phone
from nlu.client import NluClient

TURN_LEASE_SECONDS = 30.0
SEND_LEASE_SECONDS = 60.0
FETCH_LEASE_SECONDS = 120.0


class Companion(Protocol):
    """Something that runs beside the workers and ends with them."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass
class Frontdoor:
    """The built product: what the web app, the command line and the tests start from."""

    settings: Settings
    house: House
    webchat: WebchatChannel
    channels: dict[str, Channel]
    nlu: NluClient
    media: MediaStore
    reception: Reception
    phone: Phone
    inbox_bell: Bell
    outbox_bell: Bell = field(default_factory=Bell)
    media_bell: Bell = field(default_factory=Bell)
    # Woken when a turn has ended, for webhooks that carry the answer back themselves.
    answered: Answered = field(default_factory=Answered)
    # Threads that belong to one channel (polling): started with the workers, stopped with them.
    companions: list[Companion] = field(default_factory=list)
    routers: list[APIRouter] = field(default_factory=list)  # the webhooks of the channels that are on
    _running: list[Pump] = field(default_factory=list)
    upkeep: Upkeep = field(init=False)

    def __post_init__(self) -> None:
        self.upkeep = Upkeep(self.house, self.nlu, self.media, modelled=bool(self.settings.nlu_url))

    def start(self, *, working: bool = True) -> None:
        """Start the workers, unless other processes do the work, and what goes on beside them."""
        self._running = self.pumps() if working else []
        for pump in self._running:
            pump.start()
        for companion in self.companions if working else ():
            companion.start()
        self.upkeep.start(working=working)

    def stop(self) -> None:
        """Finish what is in hand; what still waits is safe in the database."""
        self.upkeep.stop()
        for companion in self.companions if self._running else ():
            companion.stop()
        self.reception.close()
        for pump in self._running:
            pump.stop()
        for channel in self.channels.values():
            getattr(channel, "close", lambda: None)()
        self.nlu.close()
        self.phone.memory.close()

    def pumps(self) -> list[Pump]:
        """The workers of this process: one for arrivals, one for files, one for each way out."""
        owner = f"{socket.gethostname()}:{os.getpid()}"
        database, all_three = self.house.database, (self.inbox_bell, self.outbox_bell, self.media_bell)
        return [
            Pump(
                database,
                InboxMessage,
                self._turn,
                owner=owner,
                slots=4,
                lease_seconds=TURN_LEASE_SECONDS,
                bell=self.inbox_bell,
                durable=False,
                after=all_three,
            ),
            *(self._sender(share, owner) for share in self._shares()),
            Pump(
                database,
                Media,
                lambda row: fetch_one(database, self.channels, self.media, row),
                owner=owner,
                slots=2,
                lease_seconds=FETCH_LEASE_SECONDS,
                bell=self.media_bell,
                durable=True,
            ),
        ]

    def _turn(self, row: InboxMessage) -> None:
        take_turn(self.house, row, self.nlu.parse)
        self.answered.ring(row.id)

    def _send(self, row: OutboxMessage) -> None:
        send_one(self.house, self.channels, row)
        if row.channel == self.webchat.name:
            self.webchat.ring()  # not before the row has ended: who looks too early looks again only half a second later

    def _shares(self) -> list[ColumnElement[bool]]:
        """Each provider's messages have slots of their own: one that hangs holds up nobody but itself."""
        providers = sorted(set(self.channels) - {"webchat", "console"})
        ours = OutboxMessage.channel.not_in(providers)  # and of channels that were switched off
        return [ours, *(OutboxMessage.channel == name for name in providers)]

    def _sender(self, share: ColumnElement[bool], owner: str) -> Pump:
        return Pump(
            self.house.database,
            OutboxMessage,
            self._send,
            owner=owner,
            slots=8,
            lease_seconds=SEND_LEASE_SECONDS,
            bell=self.outbox_bell.branch(),
            durable=True,
            share=share,
        )
