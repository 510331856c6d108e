"""Files by their id, from the provider's own host only; an error comes as JSON with HTTP 200."""

from functools import partial
from urllib.parse import urlsplit

from requests import Response
from wechatpy import WeChatClient

from bot.wechat.api import TIMEOUT, Api, code_of, json_of
from bot.wechat.errors import meaning
from core.messaging.channel import Fetched, Later, Never

# Where WeChat keeps videos, which it answers with an address instead of bytes.
VIDEO_HOSTS = (".qpic.cn", ".qq.com")
_PIECE = 64 * 1024
_JSON = ("application/json", "text/plain")


def fetch(api: Api, media_id: str, most: int) -> Fetched:
    """Raises Later; Never when it is gone (after three days) or larger than ``most`` bytes."""
    found = api.bare(partial(_get, api, media_id, most))
    if isinstance(found, bytes):
        return Fetched(found)
    address = urlsplit(found)
    if address.scheme not in ("http", "https") or not _is_theirs(address.netloc, address.hostname, api.url):
        raise Never("the video lies on a host that is not WeChat's", lost=False)
    return Fetched(_video(api, found, most))


def _get(api: Api, media_id: str, most: int, client: WeChatClient) -> bytes | str:
    params = {"access_token": client.access_token, "media_id": media_id}
    url = f"{api.url}/cgi-bin/media/get"
    with client._http.get(url, params=params, stream=True, timeout=TIMEOUT, allow_redirects=False) as answer:
        if not answer.headers.get("Content-Type", "").startswith(_JSON):
            return _capped(answer, most)
        answer._content = _capped(answer, _PIECE)
        told = json_of(answer)
    if told.get("video_url"):
        return str(told["video_url"])
    raise meaning(code_of(told), str(told.get("errmsg", "no file in the answer")))


def _video(api: Api, url: str, most: int) -> bytes:
    def get(client: WeChatClient) -> bytes:
        with client._http.get(url, stream=True, timeout=TIMEOUT, allow_redirects=False) as answer:
            return _capped(answer, most)

    return api.bare(get)


def _capped(answer: Response, most: int) -> bytes:
    """No more than ``most`` bytes, however much is sent."""
    if answer.status_code != 200:
        raise Later(f"HTTP {answer.status_code}")
    content = bytearray()
    for piece in answer.iter_content(_PIECE):
        content += piece
        if len(content) > most:
            raise Never(f"larger than {most} bytes", lost=False)
    return bytes(content)


def _is_theirs(netloc: str, host: str | None, api_url: str) -> bool:
    return netloc == urlsplit(api_url).netloc or (host or "").endswith(VIDEO_HOSTS)
