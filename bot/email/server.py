"""A session with the mail server: encrypted as set, logged in where a user is set."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

SECONDS = 6.0  # for each answer; a whole session stays inside the lease of its row
PORTS = {"starttls": 587, "ssl": 465, "none": 25}


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and how; the password is not part of what is printed."""

    host: str
    port: int
    security: str  # one of PORTS
    user: str = ""
    password: str = field(default="", repr=False)

    @contextmanager
    def session(self) -> Iterator[smtplib.SMTP]:
        """Ready to send. Raises what smtplib raises; how the session closes changes nothing any more."""
        smtp = self._open()
        try:
            if self.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if self.user:
                smtp.login(self.user, self.password)
            yield smtp
            with suppress(smtplib.SMTPException, OSError):  # the mail is theirs already
                smtp.quit()
        finally:
            smtp.close()

    def _open(self) -> smtplib.SMTP:
        if self.security == "ssl":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)


def server_of(settings: Any) -> MailServer:
    """The mail server of the settings; its port follows from the encryption where none is given."""
    security = settings.smtp_security
    port = settings.smtp_port or PORTS[security]
    return MailServer(settings.smtp_host, port, security, settings.smtp_user, settings.smtp_password)
