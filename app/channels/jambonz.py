"""jambonz, wired: its calls run through the same stations as all others, and its messages are taped here."""

from dataclasses import replace
from typing import cast

import httpx

from app.frontdoor import Frontdoor
from app.telephone import outside_url
from core.call.ledger import Ledger
from ivr.channel import VoiceChannel
from ivr.jambonz.ear import Ear
from ivr.jambonz.placing import JambonzPlacer
from ivr.jambonz.tapes import Tapes
from ivr.jambonz.webhooks import routes


def connect(front: Frontdoor) -> None:
    """Adds the webhooks, and the shelf where its recordings lie."""
    settings = front.settings
    tapes = Tapes(settings.directory / "tapes")
    voice = cast(VoiceChannel, front.channels["voice"])
    voice.shelves["JB"] = tapes
    voice.placer = _placer(front)  # it reaches mainland China, where Twilio calls no more
    secrets = [settings.jambonz_webhook_secret, settings.jambonz_webhook_secret_before]
    ear = Ear(
        replace(front.phone, provider="jambonz", number=settings.jambonz_number),
        [secret for secret in secrets if secret],
        lambda host: outside_url(settings, f"http://{host}"),
        tapes,
        front.inbox_bell,
    )
    front.routers.append(routes(ear))


def _placer(front: Frontdoor) -> JambonzPlacer:
    settings = front.settings
    http = httpx.Client(headers={"Authorization": f"Bearer {settings.jambonz_api_key}"}, timeout=20)
    return JambonzPlacer(
        http,
        settings.jambonz_api_url.rstrip("/"),
        settings.jambonz_account_sid,
        settings.jambonz_number,
        settings.public_url.rstrip("/"),
        Ledger(front.house.database),
        front.house.book.policy("voice_out")["ring_seconds"],
    )
