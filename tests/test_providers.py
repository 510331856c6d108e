"""What all local providers share: keep-alive, many at once, each call on record, nothing left behind.

What each of them plays is proved in tests/providers/test_*.py.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.providers.http import Answer, HttpServer, Request
from tests.providers.telegram.server import TOKEN, TelegramServer
from tests.providers.wechat.server import WeChatServer
from tests.providers.wecom.server import WeComServer
from tests.waiting import PATIENCE

HELLO = "/cgi-bin/gettoken", f"/bot{TOKEN}/getMe"


class Echo(HttpServer):
    def answer(self, request: Request) -> Answer:
        return Answer({"path": request.path, "query": request.query, "body": request.body.decode()})


def test_many_at_once_over_kept_connections() -> None:
    with Echo() as echo, httpx.Client(base_url=echo.url, timeout=PATIENCE, trust_env=False) as client:

        def ask(number: int) -> bool:
            answer = client.post(f"/一/{number}", params={"q": "a b"}, content=f"第{number}")
            return answer.json() == {"path": f"/一/{number}", "query": {"q": "a b"}, "body": f"第{number}"}

        with ThreadPoolExecutor(20) as pool:
            assert all(pool.map(ask, range(400)))


@pytest.mark.parametrize("kind", [TelegramServer, WeChatServer, WeComServer])
def test_every_call_is_on_record_with_its_answer(
    kind: type[TelegramServer | WeChatServer | WeComServer],
) -> None:
    with kind() as server, httpx.Client(base_url=server.url, timeout=PATIENCE, trust_env=False) as client:
        path = next(p for p in HELLO if p.startswith("/bot") == (kind is TelegramServer))
        with ThreadPoolExecutor(8) as pool:
            answers = list(
                pool.map(lambda number: client.get(path, params={"number": number}).json(), range(40))
            )
        assert [call.answer for call in server.calls if call.answer not in answers] == []
        assert sorted(int(call.params["number"]) for call in server.calls) == list(range(40))


def test_a_closed_server_is_closed_at_once_also_for_kept_connections() -> None:
    echo = Echo()
    with httpx.Client(base_url=echo.url, timeout=PATIENCE, trust_env=False) as client:
        assert client.get("/").status_code == 200
        started = time.monotonic()
        echo.close()
        with pytest.raises(httpx.TransportError):
            client.get("/")
        assert time.monotonic() - started < PATIENCE / 2  # it was not the client who gave up
