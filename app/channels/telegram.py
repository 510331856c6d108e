"""Telegram, wired: with a public address Telegram calls us; without one we ask it."""

from app.wiring import Frontdoor
from bot.telegram import webhook
from bot.telegram.channel import TelegramChannel
from bot.telegram.connection import Connection
from bot.telegram.me import me_of
from bot.telegram.polling import Polling
from bot.telegram.setup import Name, Setup
from core.customer.move import move_chat
from core.election import Election


def connect(front: Frontdoor) -> None:
    """Adds the channel, its webhook, and what runs beside the workers."""
    settings, house = front.settings, front.house
    me = me_of(settings.telegram_token, settings.secret)
    connection = Connection(settings.telegram_token, settings.telegram_api_url)

    def moved(old: str, new: str) -> None:
        with house.database.session() as session:
            move_chat(session, channel="telegram", account=me.account, old=old, new=new)
            session.commit()

    secret = settings.telegram_secret
    front.routers.append(webhook.routes(secret, me, front.reception, Name(connection, me)))
    front.channels["telegram"] = TelegramChannel(connection, me, house.book, moved)
    front.companions.append(Setup(connection, me, house.book, public_url=settings.public_url, secret=secret))
    if not settings.public_url:
        election = Election(house.database, "telegram")
        front.companions.append(Polling(connection, me, front.reception, election, keep_webhook=bool(secret)))
