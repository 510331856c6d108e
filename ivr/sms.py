"""Text messages to callers who have no chat with us, through the telephone provider's own client."""

from urllib.parse import urlsplit, urlunsplit

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from core.messaging.channel import Later, Never, Outgoing


class _Elsewhere(TwilioHttpClient):
    """The provider's client at another address: a TwiML-compatible server, or a local one."""

    def __init__(self, api: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._place = urlsplit(api)

    def request(self, method, url, *args, **kwargs):  # type: ignore[no-untyped-def]
        split = urlsplit(url)
        moved = urlunsplit((self._place.scheme, self._place.netloc, split.path, split.query, ""))
        return super().request(method, moved, *args, **kwargs)


def client(account: str, token: str, api: str, *, timeout: float = 20.0) -> Client:
    """Twilio's REST client, at ``api``."""
    return Client(account, token, http_client=_Elsewhere(api, timeout))


class SmsChannel:
    """Text messages by Twilio, 1,000 characters at most; the only way to callers without a chat."""

    name = "sms"

    def __init__(self, rest: Client, number: str) -> None:
        self._rest, self._number = rest, number

    def send(self, message: Outgoing) -> str:
        """Later for 429 and the provider's own trouble, Never for a refusal."""
        try:
            sent = self._rest.messages.create(
                to=message.recipient, from_=self._number, body=message.text[:1000]
            )
        except TwilioRestException as error:
            if error.status == 429 or error.status >= 500:
                raise Later(f"the provider answered {error.status}") from error
            raise Never(f"refused: {error.code or error.status}", lost=False) from error
        except (TwilioException, OSError) as error:
            raise Later(type(error).__name__) from error
        return str(sent.sid)
