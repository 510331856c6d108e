"""Wiring: one plain function, read from top to bottom."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from app.settings import Settings
from bot.console.channel import ConsoleChannel
from bot.webchat.channel import WebchatChannel
from core.clock import Clock
from core.database import Database
from core.dialogue.meaning import Meaning
from core.dialogue.turn import take_turn
from core.house import House
from core.knowledge.book import Book
from core.messaging.channel import Channel
from core.messaging.delivery import send_one
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.messaging.post import Bell, Pump

Understand = Callable[[str], Meaning]

TURN_LEASE_SECONDS = 30.0
SEND_LEASE_SECONDS = 60.0


@dataclass(frozen=True)
class Frontdoor:
    """The built product: what the web app, the command line and the tests start from."""

    settings: Settings
    house: House
    webchat: WebchatChannel
    channels: dict[str, Channel]
    understand: Understand
    inbox_bell: Bell
    outbox_bell: Bell

    def pumps(self) -> list[Pump]:
        """The workers of this process: one table each."""
        owner = f"{socket.gethostname()}:{os.getpid()}"
        database, both = self.house.database, (self.inbox_bell, self.outbox_bell)
        return [
            Pump(
                database,
                InboxMessage,
                lambda row: take_turn(self.house, row, self.understand),
                owner=owner,
                slots=4,
                lease_seconds=TURN_LEASE_SECONDS,
                bell=self.inbox_bell,
                after=both,
            ),
            Pump(
                database,
                OutboxMessage,
                lambda row: send_one(database, self.channels, row),
                owner=owner,
                slots=8,
                lease_seconds=SEND_LEASE_SECONDS,
                bell=self.outbox_bell,
            ),
        ]


def house_of(settings: Settings) -> House:
    """Database, clock and book, without channels: enough for most commands."""
    database = Database(settings.database)
    return House(database, Clock(database, demo=settings.demo), Book(database), settings.zone)


def build(settings: Settings, understand: Understand) -> Frontdoor:
    webchat = WebchatChannel()
    channels: dict[str, Channel] = {"webchat": webchat, "console": ConsoleChannel()}
    return Frontdoor(settings, house_of(settings), webchat, channels, understand, Bell(), Bell())
