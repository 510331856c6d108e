"""Only the provider's own webhooks are answered: signed over the public address, blank parameters and all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from twilio.request_validator import RequestValidator

from app.channel_settings import channel_problems
from app.settings import Settings
from app.web import create_app
from tests.engines import new_sqlite

TOKEN, OLD = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
PUBLIC = "https://shop.example.com"
ACCOUNT = {"twilio_account_sid": "AC" + "0" * 32, "twilio_from": "+864008888888", "twilio_auth_token": TOKEN}
PARAMS = {
    "CallSid": "CA" + "1" * 32,
    "From": "+8613800138000",
    "To": "+864008888888",
    "CallStatus": "ringing",
    "Digits": "",
    "SpeechResult": "",
}
INCOMING = "/webhooks/voice/incoming"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(
        database_url=new_sqlite(tmp_path),
        home=tmp_path / "h",
        public_url=PUBLIC,
        twilio_auth_token_before=OLD,
        **ACCOUNT,
    )
    app = create_app(settings)
    yield TestClient(app, base_url="http://10.0.0.7:8000")  # behind a proxy that ends TLS
    app.state.front.house.database.close()


def signed(
    url: str = PUBLIC + INCOMING,
    params: dict[str, str] = PARAMS,
    token: str = TOKEN,
    algorithm: str | None = None,
) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, params, algorithm)}


def test_what_the_provider_signed_is_answered(client: TestClient) -> None:
    answer = client.post(INCOMING, data=PARAMS, headers=signed())
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/xml")


def test_the_token_before_still_holds_and_so_does_a_shared_key(client: TestClient) -> None:
    assert client.post(INCOMING, data=PARAMS, headers=signed(token=OLD)).status_code == 200
    settings = {"X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
    headers = signed(algorithm="HMAC_SHA256") | settings
    assert client.post(INCOMING, data=PARAMS, headers=headers).status_code == 200
    bad = signed() | {"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=MD5"}
    assert client.post(INCOMING, data=PARAMS, headers=bad).status_code == 403


def test_the_query_is_signed_as_it_was_sent(client: TestClient) -> None:
    path = INCOMING + "?a=%e7%a9%ba&b=&c=1%2F2"
    assert client.post(path, data=PARAMS, headers=signed(PUBLIC + path)).status_code == 200


WRONG: dict[str, Any] = {
    "no signature": {},
    "an empty one": {"X-Twilio-Signature": ""},
    "nonsense": {"X-Twilio-Signature": "nonsense"},
    "not even ASCII": {"X-Twilio-Signature": "签名".encode()},
    "another token": signed(token="x" * 32),
    "http instead of https": signed(PUBLIC.replace("https", "http") + INCOMING),
    "the address behind the proxy": signed("http://10.0.0.7:8000" + INCOMING),
    "a trailing slash": signed(PUBLIC + INCOMING + "/"),
    "another host": signed("https://shop.example.org" + INCOMING),
    "dropped blank parameters": signed(params={k: v for k, v in PARAMS.items() if v}),
    "another caller": signed(params=PARAMS | {"From": "+8613900139000"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_anything_else_is_refused(client: TestClient, name: str) -> None:
    for path in (
        INCOMING,
        "/webhooks/voice/step/1/gather",
        "/webhooks/voice/status",
        "/webhooks/voice/fallback",
        "/webhooks/voice/recording/voicemail",
        "/webhooks/voice/whisper/1",
        "/webhooks/voice/whisper/1/answer",
        "/webhooks/voice/fallback/keys",
        "/webhooks/voice/outbound/1",
        "/webhooks/voice/outbound/1/status",
    ):
        assert client.post(path, data=PARAMS, headers=WRONG[name]).status_code == 403, path


def test_bodies_that_are_no_form(client: TestClient) -> None:
    for body in (b"\xff\xfe", b"{}", b"a=1&" * 1000, b"%zz=%", "号=1".encode()):
        headers = signed(params={}) | {"Content-Type": "application/x-www-form-urlencoded"}
        assert client.post(INCOMING, content=body, headers=headers).status_code == 403
    assert client.post(INCOMING, data={"a": "x" * 300_000}, headers=signed()).status_code == 413
    assert client.post(INCOMING, data={}, headers=signed(params={})).status_code == 400  # signed, but no call


def test_without_an_account_the_phone_is_there_in_a_demo_only(tmp_path: Path) -> None:
    app = create_app(Settings(database_url=new_sqlite(tmp_path), home=tmp_path / "h", demo=False))
    assert TestClient(app).post(INCOMING, data=PARAMS, headers=signed()).status_code == 404
    app.state.front.house.database.close()


def test_all_of_the_settings_or_none() -> None:
    some = Settings(twilio_account_sid=ACCOUNT["twilio_account_sid"])
    assert any(
        "FRONTDOOR_TWILIO_AUTH_TOKEN, FRONTDOOR_TWILIO_FROM: missing" in p for p in channel_problems(some)
    )
    assert any("PUBLIC_URL: missing" in p for p in channel_problems(Settings(**ACCOUNT)))
    assert channel_problems(Settings(public_url=PUBLIC, **ACCOUNT)) == []
    wrong = Settings(
        public_url=PUBLIC,
        **{**ACCOUNT, "twilio_account_sid": "XX", "twilio_from": "400", "twilio_api_url": "api"},
    )
    assert len(channel_problems(wrong)) == 3
