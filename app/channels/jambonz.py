"""jambonz, wired: its calls run through the same stations as all others, and its messages are taped here."""

from dataclasses import replace
from typing import cast

from app.telephone import outside_url
from app.wiring import Frontdoor
from ivr.channel import VoiceChannel
from ivr.jambonz.placing import JambonzPlacer, rest
from ivr.jambonz.tapes import Tapes
from ivr.jambonz.webhooks import Ear, routes


def connect(front: Frontdoor) -> None:
    """Adds the webhooks, the shelf where its recordings lie, and who places our calls."""
    settings = front.settings
    tapes = Tapes(settings.directory / "tapes")
    voice = cast(VoiceChannel, front.channels["voice"])
    voice.shelves["JB"] = tapes
    account = rest(settings.jambonz_api_url, settings.jambonz_account_sid, settings.jambonz_api_key)
    ring = front.house.book.policy("voice_out")["ring_seconds"]
    voice.placer = JambonzPlacer(account, settings.jambonz_number, settings.public_url.rstrip("/"), ring)
    secrets = [settings.jambonz_webhook_secret, settings.jambonz_webhook_secret_before]
    ear = Ear(
        replace(front.phone, provider="jambonz", number=settings.jambonz_number),
        [secret for secret in secrets if secret],
        lambda host: outside_url(settings, f"http://{host}"),
        tapes,
        front.inbox_bell,
    )
    front.routers.append(routes(ear))
