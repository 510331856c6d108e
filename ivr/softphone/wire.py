"""The HTTP edge: signs, sends, retries and follows redirects as Twilio does; an answer is a ``Page`` or ``NoPage``.

Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides (the ``#ct=…&rt=…&tt=…&rc=…&rp=…`` of an address),
error numbers from twilio.com/docs/api/errors.
"""

import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin

import httpx

from ivr.softphone.signing import signature
from ivr.softphone.state import Request

LARGEST_PAGE = 64 * 1024
MOST_REDIRECTS = 10
_ADDRESS = re.compile(r"https?://[!-~]+")  # what is not ASCII must be escaped
_XML = ("text/xml", "application/xml", "text/html")


@dataclass(frozen=True)
class Page:
    """``url`` after redirects: relative addresses in the text start from there."""

    url: str
    text: str


@dataclass(frozen=True)
class NoPage:
    """Twilio's error number and the reason. ``kind`` is what retry policies call it: ct rt 4xx 5xx, or other."""

    code: int
    reason: str
    kind: str = "other"


@dataclass(frozen=True)
class Overrides:
    """How long is waited and how often is tried again; seconds. By default only a connection is tried again, once."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})

    @classmethod
    def of(cls, url: str) -> "Overrides":
        """From what Twilio calls connection overrides, after # in the address; milliseconds there, seconds here."""
        given = dict(parse_qsl(urldefrag(url).fragment))
        policy = frozenset(given.get("rp", "ct").split(","))
        return cls(
            connect=float(given.get("ct", 5000)) / 1000,
            read=float(given.get("rt", 15000)) / 1000,
            total=float(given.get("tt", 15000)) / 1000,
            retries=int(given.get("rc", 1)),
            policy=policy,
        )


class Wire:
    """``http`` is an httpx client: a real one, or FastAPI's TestClient.

    ``outside`` is the server's public scheme and host, which is signed; ``inside`` is where it is really reached.
    """

    def __init__(
        self, http: httpx.Client, token: str, *, outside: str = "", inside: str = "", twice: bool = False
    ) -> None:
        self._http, self._token, self._twice = http, token, twice
        self._outside, self._inside = outside.rstrip("/"), inside.rstrip("/")
        self.twins: list[tuple[str, str]] = []  # with ``twice``: both answers to each request

    def fetch(self, request: Request) -> Page | NoPage:
        """Ask; with ``twice`` the first answer is lost on its way, and the request comes again with its token."""
        first = self._retrying(request) if self._twice else None
        page = self._retrying(request)
        if isinstance(first, Page) and isinstance(page, Page):
            self.twins.append((first.text, page.text))
        return page

    def _retrying(self, request: Request) -> Page | NoPage:
        rules = Overrides.of(request.url)
        until = time.monotonic() + rules.total
        for left in range(rules.retries, -1, -1):
            answer = self._following(request, rules, until)
            if isinstance(answer, Page) or not left or not {answer.kind, "all"} & rules.policy:
                break
            if time.monotonic() >= until:
                break
        return answer

    def _following(self, request: Request, rules: Overrides, until: float) -> Page | NoPage:
        """A redirect is followed by GET without the form; each hop is signed anew."""
        method, url, fields = request.method, urldefrag(request.url).url, request.fields
        for _ in range(MOST_REDIRECTS):
            answer = self._once(method, url, fields, request.token, rules, until)
            if not isinstance(answer, str):
                return answer
            method, url, fields = (
                ("POST", answer, fields) if answer.startswith("307 ") else ("GET", answer, [])
            )
            url = urldefrag(url.removeprefix("307 ")).url
        return NoPage(11215, "too many redirects")

    def _once(
        self, method: str, url: str, fields: list[tuple[str, str]], token: str, rules: Overrides, until: float
    ) -> Page | NoPage | str:
        page = url
        if method == "GET" and fields:
            url, fields = f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}", []
        try:
            signed = str(httpx.URL(url))
        except httpx.InvalidURL as wrong:
            return NoPage(11100, f"{url}: {wrong}")
        if not _ADDRESS.fullmatch(url):
            return NoPage(11100, f"invalid address {url}")
        timeout = httpx.Timeout(rules.read, connect=rules.connect)
        ask: dict[str, Any] = {"headers": self._headers(method, signed, fields, token), "timeout": timeout}
        if method == "POST":
            ask["content"] = urlencode(fields).encode()
        try:
            with self._http.stream(method, self._reached(signed), follow_redirects=False, **ask) as response:
                return _read(response, page, until)
        except httpx.ConnectTimeout:
            return NoPage(11205, f"no connection within {rules.connect} s", "ct")
        except httpx.ConnectError as error:
            return NoPage(11205, f"no connection: {error}", "ct")
        except httpx.TimeoutException:
            return NoPage(11200, f"no answer within {rules.read} s", "rt")
        except httpx.HTTPError as error:
            return NoPage(11206, f"{type(error).__name__}: {error}", "rt")

    def _headers(self, method: str, url: str, fields: list[tuple[str, str]], token: str) -> dict[str, str]:
        headers = {
            "X-Twilio-Signature": signature(self._token, url, fields),
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        form = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        return headers | form if method == "POST" else headers

    def _reached(self, url: str) -> str:
        if self._inside and self._outside and (url + "/").startswith(self._outside + "/"):
            return self._inside + url[len(self._outside) :]
        return url


def _read(response: httpx.Response, url: str, until: float) -> Page | NoPage | str:
    """The whole page within time and size; a redirect's address instead (``307 `` before it: the form goes along)."""
    if response.status_code in (301, 302, 303, 307, 308) and response.headers.get("location"):
        target = urljoin(url, response.headers["location"])
        return f"307 {target}" if response.status_code in (307, 308) else target
    if not response.is_success:
        return NoPage(11200, f"{url} answers {response.status_code}", f"{response.status_code // 100}xx")
    content = b""
    for piece in response.iter_bytes():
        content += piece
        if len(content) > LARGEST_PAGE:
            return NoPage(11750, f"{url} answers more than {LARGEST_PAGE} bytes")
        if time.monotonic() > until:
            return NoPage(11200, f"{url} is not read in time", "rt")
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if response.status_code != 204 and kind not in _XML:
        return NoPage(12300, f"{url} answers {kind or 'without a content type'}")
    try:
        return Page(url, content.decode(response.charset_encoding or "utf-8"))
    except (UnicodeDecodeError, LookupError) as wrong:
        return NoPage(12100, f"{url}: {wrong}")
