"""Wiring: one plain function, read from top to bottom."""

import importlib
from dataclasses import replace

from app.channel_settings import is_on
from app.frontdoor import Frontdoor
from app.settings import Settings
from app.telephone import own_number
from bot.console.channel import ConsoleChannel
from bot.webchat.channel import WebchatChannel
from core.call.ledger import Ledger
from core.clock import Clock
from core.database import Database
from core.house import House
from core.knowledge.book import Book
from core.knowledge.kept import KeptSenses
from core.media.store import MediaStore
from core.messaging.channel import Channel
from core.messaging.post import Bell
from core.messaging.reception import Reception
from ivr.channel import Places, VoiceChannel
from ivr.memory import Memory
from ivr.menus import Menus
from ivr.phone import Phone
from ivr.recordings import TwilioRecordings
from ivr.ringing import SIMULATOR
from ivr.softphone.held import HeldPhones
from ivr.softphone.sound import Tapes
from nlu.client import NluClient

# Each is loaded only where its channel is on: the providers' libraries take a part of a second to import.
CHANNELS = {
    "wechat": "app.channels.wechat",
    "wecom": "app.channels.wecom",
    "telegram": "app.channels.telegram",
    "jambonz": "app.channels.jambonz",
    "smtp": "app.channels.email",
}


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
    """Everything, ready to start. Only the channels whose secrets are set are loaded."""
    webchat = WebchatChannel()
    channels: dict[str, Channel] = {"webchat": webchat, "console": ConsoleChannel()}
    nlu = NluClient(settings.nlu_url or None, settings.nlu_token)
    house, bell = house_of(settings), Bell()
    if settings.nlu_url:
        kept = KeptSenses(settings.directory / "senses", nlu.encoder)
        house = replace(house, encode=nlu.encode, senses=kept)
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
