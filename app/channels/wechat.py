"""WeChat, wired. Loaded only where the channel is on: its client library takes a part of a second to import."""

import os
import socket
import uuid

from fastapi import APIRouter

from app.frontdoor import Frontdoor
from app.settings import Settings
from bot.wechat.channel import WeChatChannel
from bot.wechat.crypto import Envelope
from bot.wechat.passive import Passive, Seats
from bot.wechat.webhook import Desk, routes
from core.house import House


def connect(front: Frontdoor) -> None:
    """Adds the channel and its webhook."""
    front.channels["wechat"] = channel_of(front.settings, front.house)
    front.routers.append(_routes(front))


def channel_of(settings: Settings, house: House) -> WeChatChannel:
    return WeChatChannel(house, settings.wechat_app_id, settings.wechat_app_secret, settings.wechat_api_url)


def _routes(front: Frontdoor) -> APIRouter:
    settings, owner = front.settings, f"webhook:{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    envelope = Envelope(
        settings.wechat_token, settings.wechat_aes_key, settings.wechat_app_id, plain=settings.wechat_plain
    )
    passive = Passive(front.house.database, front.answered, owner)
    return routes(Desk(settings.wechat_app_id, envelope, front.reception, passive, Seats()))
