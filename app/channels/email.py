"""E-mail, wired: one way, to staff; nothing comes in by it."""

from app.frontdoor import Frontdoor
from bot.email.channel import EmailChannel
from bot.email.server import server_of


def connect(front: Frontdoor) -> None:
    """Adds the channel."""
    settings = front.settings
    server = server_of(settings)
    front.channels["email"] = EmailChannel(server, settings.smtp_from, front.house.book, settings.public_url)
