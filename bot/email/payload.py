"""A push as a mail: plain text, a short subject without personal data, headers that no text can break."""

import hashlib
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from core.messaging.channel import Outgoing

# How our pushes begin: 【紧急】 or [EMERGENCY], then the ticket's number.
_HEAD = re.compile(r"\s*(【[^】\n]{1,40}】|\[[^\]\n]{1,40}\])(?:\s*([A-Z0-9-]{4,20})(?=[\s|｜]|$))?")


def mail(message: Outgoing, *, sender: str, subject: str, take: str, at: datetime) -> EmailMessage:
    """The mail of one outbox row; ``subject`` where the text has no head, ``take`` says how to answer it."""
    name, address = parseaddr(sender)
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(display_name=name, addr_spec=address)
    made["To"] = Address(addr_spec=message.recipient)
    made["Subject"] = subject_of(message.text) or subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = message_id(message, address)
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence notice answers it
    # Base64: no server on the way may cut or re-wrap a line.
    made.set_content("\n\n".join(filter(None, (message.text, take))), cte="base64")
    return made


def subject_of(text: str) -> str:
    """The head of a push and the ticket's number; nothing of what the customer said. Empty without a head."""
    match = _HEAD.match(text)
    return " ".join(filter(None, match.groups())) if match else ""


def message_id(message: Outgoing, sender: str) -> str:
    """The same for every try of one row, so that mail programs show a repetition once."""
    row = "\n".join((message.key, str(message.id), message.recipient, message.text))
    digest = hashlib.sha256(row.encode("utf-8", "replace")).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"
