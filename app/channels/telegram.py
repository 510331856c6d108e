"""Telegram, wired: with a public address Telegram calls us; without one we ask it."""

from app.frontdoor import Frontdoor
from bot.telegram import webhook
from bot.telegram.channel import TelegramChannel
from bot.telegram.connection import Connection
from bot.telegram.me import me_of
from bot.telegram.polling import Polling
from bot.telegram.setup import Name, Setup
from core.customer.move import move_chat, remember_move
from core.election import Election
from core.groups.listen import overhears
from core.knowledge.pictures import Pictures


def connect(front: Frontdoor) -> None:
    """Adds the channel, its webhook, and what runs beside the workers."""
    settings, house = front.settings, front.house
    me = me_of(settings.telegram_token, settings.secret)
    connection = Connection(settings.telegram_token, settings.telegram_api_url)

    def moved(old: str, new: str) -> None:
        chat = {"channel": "telegram", "account": me.account, "old": old, "new": new}
        with house.database.session() as session:
            remember_move(session, **chat, at=house.clock.now())
            move_chat(session, **chat)
            session.commit()

    def overheard(chat: str) -> bool:
        with house.database.reading() as session:
            return overhears(session, house, "telegram", me.account, chat)

    secret, name = settings.telegram_secret, Name(connection, me)
    front.routers.append(webhook.routes(secret, me, front.reception, name, overheard))
    content = Pictures(house.database).content
    front.channels["telegram"] = TelegramChannel(connection, me, house.book, moved, content)
    front.companions.append(Setup(connection, me, house.book, public_url=settings.public_url, secret=secret))
    if not settings.public_url:
        election = Election(house.database, "telegram")
        polling = Polling(
            connection, me, front.reception, election, keep_webhook=bool(secret), overhears=overheard
        )
        front.companions.append(polling)
