"""Wiring: one plain function, read from top to bottom."""

import importlib
import os
import socket
import threading
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from fastapi import APIRouter
from sqlalchemy import ColumnElement

from app.channel_settings import is_on
from app.settings import Settings
from app.telephone import own_number
from bot.console.channel import ConsoleChannel
from bot.webchat.channel import WebchatChannel
from core.call.ledger import Ledger
from core.clock import Clock
from core.database import Database
from core.dialogue.cues import settle
from core.dialogue.turn import take_turn
from core.house import House
from core.knowledge.book import Book
from core.media.fetch import fetch_one
from core.media.model import Media
from core.media.retention import expire_recordings
from core.media.store import MediaStore
from core.messaging.carried import Answered
from core.messaging.channel import Channel
from core.messaging.delivery import send_one
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.messaging.post import Bell, Pump
from core.messaging.reception import Reception
from core.service.regions import warm_up
from core.ticket.reparse import reparse_pending
from ivr.channel import Places, VoiceChannel
from ivr.memory import Memory
from ivr.menus import Menus
from ivr.phone import Phone
from ivr.recordings import TwilioRecordings
from ivr.ringing import SIMULATOR
from ivr.softphone.held import HeldPhones
from ivr.softphone.sound import Tapes
from nlu.client import NluClient

TURN_LEASE_SECONDS = 30.0
SEND_LEASE_SECONDS = 60.0
FETCH_LEASE_SECONDS = 120.0
REPARSE_SECONDS = 30.0
RETENTION_SECONDS = 3600.0
# Each is loaded only where its channel is on: the providers' libraries take a part of a second to import.
CHANNELS = {
    "wechat": "app.channels.wechat",
    "wecom": "app.channels.wecom",
    "telegram": "app.channels.telegram",
    "jambonz": "app.channels.jambonz",
    "smtp": "app.channels.email",
}
_log = structlog.get_logger()


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
    _stopping: threading.Event = field(default_factory=threading.Event)
    _nlu_seen: bool = False

    def start(self, *, working: bool = True) -> None:
        """Start the workers, unless other processes do the work; slow tables are loaded beside them."""
        self._running = self.pumps() if working else []
        for pump in self._running:
            pump.start()
        for companion in self.companions if working else ():
            companion.start()
        threading.Thread(target=self._look_after, name="nlu-watch", daemon=True).start()
        if working:
            threading.Thread(target=self._reparse, name="nlu-reparse", daemon=True).start()
            threading.Thread(target=self._forget, name="retention", daemon=True).start()

    def stop(self) -> None:
        """Finish what is in hand; what still waits is safe in the database."""
        self._stopping.set()
        for companion in self.companions if self._running else ():
            companion.stop()
        self.reception.close()
        for pump in self._running:
            pump.stop()
        for channel in self.channels.values():
            getattr(channel, "close", lambda: None)()
        self.nlu.close()
        self.phone.memory.close()

    def nlu_state(self) -> dict[str, str]:
        return self.nlu.state() if self._nlu_seen else {"state": "keywords", "reason": "not seen yet"}

    def nlu_seen(self) -> bool:
        return self._nlu_seen

    def _look_after(self) -> None:
        """Load the address tables, and notice when the model server comes up."""
        warm_up()
        while self.settings.nlu_url and not self._stopping.wait(0.5 if not self._nlu_seen else 5.0):
            if not self._nlu_seen or self.nlu.state()["state"] != "rasa":
                self._nlu_seen |= self.nlu.probe()["state"] == "rasa"

    def _reparse(self) -> None:
        """Understand again what was filed on keywords alone, while the model answers."""
        while not self._stopping.wait(REPARSE_SECONDS):
            if self._nlu_seen and self.nlu.state()["state"] == "rasa":
                try:
                    reparse_pending(self.house, lambda text: settle(self.nlu.parse(text)))
                except Exception:  # the next round tries again; what is pending stays pending
                    _log.exception("reparse failed")

    def _turn(self, row: InboxMessage) -> None:
        take_turn(self.house, row, self.nlu.parse)
        self.answered.ring(row.id)

    def _forget(self) -> None:
        """Take away recordings that are older than the house keeps them."""
        while not self._stopping.wait(RETENTION_SECONDS):
            days = self.house.book.policy("voice")["recording_days"]
            try:
                with self.house.database.session() as session:
                    expire_recordings(session, self.media, days=days, now=self.house.clock.now())
                    session.commit()
            except Exception:  # the next round tries again
                _log.exception("retention failed")

    def _shares(self) -> list[ColumnElement[bool]]:
        """Each provider's messages have slots of their own: one that hangs holds up nobody but itself."""
        providers = sorted(set(self.channels) - {"webchat", "console"})
        ours = OutboxMessage.channel.not_in(providers)  # and of channels that were switched off
        return [ours, *(OutboxMessage.channel == name for name in providers)]

    def _sender(self, share: ColumnElement[bool], owner: str) -> Pump:
        return Pump(
            self.house.database,
            OutboxMessage,
            lambda row: send_one(self.house, self.channels, row),
            owner=owner,
            slots=8,
            lease_seconds=SEND_LEASE_SECONDS,
            bell=self.outbox_bell.branch(),
            durable=True,
            share=share,
        )

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


def house_of(settings: Settings) -> House:
    """Database, clock and book, without channels: enough for most commands."""
    database = Database(settings.database)
    clock = Clock(database, demo=settings.demo)
    book, ways = Book(database), staff_ways(settings)
    caller = next((name for name in ("jambonz", "twilio") if is_on(settings, name)), None)
    address = settings.public_url.rstrip("/")
    if caller is None and settings.demo:  # the telephones of /try ring
        rings = held_phones(settings).rings
        return House(database, clock, book, settings.zone, ways, SIMULATOR, rings, address)
    return House(database, clock, book, settings.zone, ways, caller, address=address)


def held_phones(settings: Settings) -> HeldPhones:
    """Telephones that somebody holds in a demonstration."""
    return HeldPhones(settings.directory / "phones")


def staff_ways(settings: Settings) -> tuple[str, ...]:
    """The chats that are set up and that staff can be pushed by."""
    robot = ("wecom_robot",) if settings.wecom_robot_key and is_on(settings, "wecom") else ()
    mail = ("email",) if is_on(settings, "smtp") else ()
    return (*(channel for channel in ("wecom", "telegram") if is_on(settings, channel)), *mail, *robot)


def build(settings: Settings) -> Frontdoor:
    webchat = WebchatChannel()
    channels: dict[str, Channel] = {"webchat": webchat, "console": ConsoleChannel()}
    nlu = NluClient(settings.nlu_url or None, settings.nlu_token)
    house, bell = house_of(settings), Bell()
    phone = _phone(settings, house, nlu, channels)
    front = Frontdoor(
        settings,
        house,
        webchat,
        channels,
        nlu,
        MediaStore(settings.directory / "media"),
        Reception(house.database, house.clock.now, bell),
        phone,
        bell,
    )
    for name, module in CHANNELS.items():
        if is_on(settings, name):
            importlib.import_module(module).connect(front)
    return front


def _phone(settings: Settings, house: House, nlu: NluClient, channels: dict[str, Channel]) -> Phone:
    """The telephone: with an account at a provider it can fetch recordings and send text messages."""
    account, token, api = settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_api_url
    on = is_on(settings, "twilio")
    placer: Places | None = held_phones(settings) if house.caller == SIMULATOR else None
    if on:
        from ivr.placing import Placer
        from ivr.sms import SmsChannel, client

        rest, number = client(account, token, api), settings.twilio_from
        channels["sms"] = SmsChannel(rest, number)
        ring = house.book.policy("voice_out")["ring_seconds"]
        placer = Placer(rest, number, settings.public_url.rstrip("/"), Ledger(house.database), ring)
    # In a demonstration our own softphone calls, and there is no account to fetch recordings from.
    shelf = TwilioRecordings(account, token, api) if on or not settings.demo else Tapes()
    channels["voice"] = VoiceChannel({"RE": shelf}, placer)
    return Phone(
        house, Menus(house.database), Memory(house.database), nlu.parse, own_number(settings), texts=on
    )
