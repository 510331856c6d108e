"""E-mail for the contract of every channel (tests/channels/test_contract.py)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.email.channel import EmailChannel
from bot.email.server import MailServer
from core.house import House
from tests.channels.rigs import Arrived, Rig
from tests.providers.smtp.server import SmtpServer

LI = "li@example.com"
FROM = "售后服务 <service@example.com>"


def channel_to(
    server: SmtpServer, house: House, public_url: str = "https://desk.example.com"
) -> EmailChannel:
    return EmailChannel(MailServer("127.0.0.1", server.port, "none"), FROM, house.book, public_url)


@contextmanager
def email(house: House, folder: Path) -> Iterator[Rig]:
    """Mails have no buttons and no longest text."""
    with SmtpServer() as server:

        def arrived() -> list[Arrived]:
            bodies = [mail.get_content() for mail in server.mails]
            return [Arrived(body.replace("\r\n", "\n").removesuffix("\n")) for body in bodies]

        fails = {
            "later": lambda: server.fail("MAIL", "451 4.3.0 try again"),
            "never": lambda: server.fail("RCPT", "550 5.1.1 no such mailbox"),
        }
        yield Rig(channel_to(server, house), LI, arrived, fails=fails, shows_choices=False, loses=False)
