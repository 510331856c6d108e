"""``frontdoor channels check`` for e-mail: can the server be reached, encrypted and logged in to. Nothing is sent."""

import smtplib
from typing import Any

from bot.email.refusal import said
from bot.email.server import server_of
from core.messaging.finding import Finding


def check(settings: Any) -> list[Finding]:
    """Open a session as a mail would."""
    server = server_of(settings)
    values = {"host": f"{server.host}:{server.port}"}
    try:
        with server.session() as smtp:
            smtp.ehlo_or_helo_if_needed()
    except smtplib.SMTPAuthenticationError as refused:
        return [Finding(False, "check.smtp.login", values | {"code": refused.smtp_code})]
    except (smtplib.SMTPException, OSError) as failed:
        return [Finding(False, "check.smtp.away", values | {"why": said(failed)})]
    found = [Finding(True, "check.smtp.open", values)]
    return found if settings.public_url else [*found, Finding(None, "check.smtp.no_link")]
