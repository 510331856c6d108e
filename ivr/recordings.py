"""Recordings at Twilio, fetched with our account's name and word."""

import re

import httpx

from core.messaging.channel import Fetched, Later, Never

_SID = re.compile(r"RE[0-9a-fA-F]{32}")


class TwilioRecordings:
    """``api`` is scheme and host of the provider; without an account there is nothing to fetch."""

    def __init__(self, account: str, token: str, api: str, *, timeout: float = 20.0) -> None:
        self._account, self._token, self._api = account, token, api.rstrip("/")
        self._http = httpx.Client(timeout=timeout, follow_redirects=False)

    def fetch(self, provider_id: str, most: int) -> Fetched:
        """A recording by its id, never by an address that came with a webhook."""
        if not _SID.fullmatch(provider_id) or not self._token:
            raise Never("no recording of the provider", lost=False)
        url = f"{self._api}/2010-04-01/Accounts/{self._account}/Recordings/{provider_id}.mp3"
        try:
            with self._http.stream("GET", url, auth=(self._account, self._token)) as response:
                return self._read(response, most)
        except httpx.HTTPError as error:
            raise Later(type(error).__name__) from error

    def _read(self, response: httpx.Response, most: int) -> Fetched:
        if response.status_code == 404:  # it may take some seconds after the call's own word of it
            raise Later("the recording is not there yet", delay=5)
        if response.status_code in (401, 403, 410):
            raise Never(f"the recording is refused: {response.status_code}", lost=False)
        if response.status_code != 200:
            raise Later(f"the provider answered {response.status_code}")
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > most:
                raise Never(f"larger than {most} bytes", lost=False)
        return Fetched(bytes(content))
