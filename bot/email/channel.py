"""Sending to staff by e-mail: one way, so the text says where to answer it."""

import smtplib
from datetime import UTC, datetime

from bot.email.payload import mail
from bot.email.refusal import translate
from bot.email.server import MailServer
from core.knowledge.book import Book
from core.messaging.channel import Never, Outgoing


class EmailChannel:
    """Alerts to staff by mail, with the address of the console where it is known."""

    name = "email"

    def __init__(self, server: MailServer, sender: str, book: Book, public_url: str) -> None:
        self._server, self._sender, self._book = server, sender, book
        self._console = f"{public_url.rstrip('/')}/console" if public_url else ""

    def send(self, message: Outgoing) -> str:
        """The receipt is the Message-ID, the same for every try. Raises Later or Never."""
        if message.extra.get("edit"):  # what is in a mailbox stays as it is
            return str(message.extra["edit"])
        language = message.extra.get("language", "zh")
        subject = self._book.text("email.subject", language)
        try:
            made = mail(
                message,
                sender=self._sender,
                subject=subject,
                take=self._take(message, language),
                at=datetime.now(UTC),
            )
        except (ValueError, IndexError) as wrong:
            raise Never(f"not an address: {wrong}", lost=False) from wrong
        try:
            with self._server.session() as smtp:
                smtp.send_message(made)
        except (smtplib.SMTPException, OSError) as refused:
            raise translate(refused) from None
        return str(made["Message-ID"])

    def _take(self, message: Outgoing, language: str) -> str:
        """How a push is answered: an alert is taken on the escalation page, all others are on the list of pushes."""
        if "push" not in message.extra:
            return ""
        kind, page = ("alert", "escalation") if "chain_step" in message.extra else ("push", "pushes")
        if not self._console:
            return self._book.text(f"email.{kind}_no_link", language)
        return self._book.text(f"email.{kind}", language, link=f"{self._console}/{page}")
