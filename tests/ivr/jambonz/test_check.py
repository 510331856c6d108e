"""``frontdoor channels check`` and the settings of jambonz, against a local server with its two addresses."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.channel_settings import channel_problems, is_on
from app.settings import Settings
from core.knowledge.book import shipped_wording
from ivr.jambonz.check import check
from tests.ivr.jambonz.caller import SECRET

HOOK = {"url": "https://phone.example/webhooks/jambonz/incoming", "method": "POST"}
STATUS = {"url": "https://phone.example/webhooks/jambonz/status", "method": "POST"}


class Api:
    """``account`` and ``applications`` as jambonz answers them; other keys than ours are refused."""

    def __init__(self) -> None:
        self.account: dict[str, Any] = {"name": "售后", "webhook_secret": SECRET}
        self.applications = [{"name": "frontdoor", "call_hook": HOOK, "call_status_hook": STATUS}]
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found: Any = {"/api/v1/Accounts/acc": api.account, "/api/v1/Applications": api.applications}
                allowed = self.headers.get("Authorization") == "Bearer key"
                body = json.dumps(found.get(self.path)).encode()
                self.send_response(200 if allowed and self.path in found else 403)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/api"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def api() -> Iterator[Api]:
    running = Api()
    yield running
    running.server.shutdown()
    running.server.server_close()


def settings(url: str, **more: str) -> Settings:
    given = {
        "jambonz_api_url": url,
        "jambonz_account_sid": "acc",
        "jambonz_api_key": "key",
        "jambonz_webhook_secret": SECRET,
        "jambonz_number": "+864008880000",
        "public_url": "https://phone.example",
    }
    return Settings(**{**given, **more})


def keys(found: list[Any]) -> list[str]:
    for one in found:
        for words in shipped_wording().values():
            assert words[one.key].format(**one.values)
    return [one.key.removeprefix("check.jambonz.") for one in found]


def test_all_is_well(api: Api) -> None:
    assert keys(check(settings(api.url))) == ["account", "application"]


def test_what_may_be_wrong(api: Api) -> None:
    assert keys(check(settings(api.url, jambonz_api_key="other"))) == ["refused"]
    assert keys(check(settings("http://127.0.0.1:9/api"))) == ["away"]
    assert "secret_wrong" in keys(check(settings(api.url, jambonz_webhook_secret="other")))
    api.applications = [{"name": "frontdoor", "call_hook": HOOK}]
    assert keys(check(settings(api.url)))[-1] == "status_missing"
    api.applications = [{"name": "another", "call_hook": None}]
    assert keys(check(settings(api.url)))[-1] == "application_missing"


def test_all_of_it_or_nothing() -> None:
    assert is_on(settings("https://j.example/api"), "jambonz")
    assert channel_problems(settings("https://j.example/api")) == []
    assert not is_on(Settings(), "jambonz")
    half = channel_problems(settings("https://j.example/api", jambonz_api_key=""))
    assert half == ["FRONTDOOR_JAMBONZ_API_KEY: missing, while other settings of jambonz are set"]
    for wrong in ({"jambonz_number": "4008880000"}, {"public_url": ""}):
        assert channel_problems(settings("https://j.example/api", **wrong))
    assert channel_problems(settings("j.example"))
