"""Recordings are fetched with our credentials and by id only; kept for their time; text messages by the provider's client."""

import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from sqlalchemy.orm import Session

from core.customer.model import Conversation, Customer, Identity
from core.house import House
from core.media.model import Media
from core.media.retention import expire_recordings
from core.media.store import MediaStore
from core.messaging.channel import Later, Never, Outgoing
from ivr.channel import VoiceChannel
from ivr.recordings import TwilioRecordings
from ivr.sms import SmsChannel, client
from tests.conftest import house_on

ACCOUNT, TOKEN, SID = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef", "RE" + "a" * 32
MP3 = b"ID3\x04\x00\x00" + b"\x00" * 500


class Provider:
    """A local server with the provider's two addresses; ``answers`` are taken one by one, the last one stays."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = [(200, MP3)]
        self.asked: list[tuple[str, str, str | None, bytes]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                provider.asked.append((self.command, self.path, self.headers.get("Authorization"), body))
                status, content = (
                    provider.answers.pop(0) if len(provider.answers) > 1 else provider.answers[0]
                )
                self.send_response(status)
                self.send_header(
                    "Content-Type", "application/json" if content.startswith(b"{") else "audio/mpeg"
                )
                if status in (301, 302):
                    self.send_header("Location", "http://169.254.169.254/secret")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _answer

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider()
    yield server
    server.close()


def test_a_recording_is_fetched_with_our_name_and_word(provider: Provider) -> None:
    channel = TwilioRecordings(ACCOUNT, TOKEN, provider.url)
    assert channel.fetch(SID, 1_000_000).content == MP3
    (asked,) = provider.asked
    assert asked[1] == f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{SID}.mp3"
    assert asked[2] == "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


def test_it_may_not_be_there_yet(provider: Provider) -> None:
    provider.answers = [(404, b"{}"), (503, b"{}"), (200, MP3)]
    channel = TwilioRecordings(ACCOUNT, TOKEN, provider.url)
    for _ in range(2):
        with pytest.raises(Later):
            channel.fetch(SID, 1_000_000)
    assert channel.fetch(SID, 1_000_000).content == MP3


@pytest.mark.parametrize("status", [401, 403, 410])
def test_what_is_refused_is_given_up(provider: Provider, status: int) -> None:
    provider.answers = [(status, b"{}")]
    with pytest.raises(Never):
        TwilioRecordings(ACCOUNT, TOKEN, provider.url).fetch(SID, 1_000_000)


def test_no_address_of_a_webhook_is_ever_followed(provider: Provider) -> None:
    channel = TwilioRecordings(ACCOUNT, TOKEN, provider.url)
    for name in (
        "http://169.254.169.254/latest",
        "../../../etc/passwd",
        "RE1",
        SID + "/../x",
        "",
        SID + "\n",
    ):
        with pytest.raises(Never):
            channel.fetch(name, 1_000_000)
    assert provider.asked == []
    provider.answers = [(302, b"{}")]
    with pytest.raises(Later):
        channel.fetch(SID, 1_000_000)


def test_too_large_dead_and_without_an_account(provider: Provider) -> None:
    with pytest.raises(Never, match="larger"):
        TwilioRecordings(ACCOUNT, TOKEN, provider.url).fetch(SID, 100)
    with pytest.raises(Never):
        TwilioRecordings("", "", provider.url).fetch(SID, 100)
    provider.close()
    with pytest.raises(Later):
        TwilioRecordings(ACCOUNT, TOKEN, provider.url, timeout=2).fetch(SID, 100)


def test_what_was_not_spoken_in_time(provider: Provider) -> None:
    channel = VoiceChannel({})
    assert channel.send(Outgoing("k", "CA1", "请问", weight="answer")) == "hung-up"
    with pytest.raises(Never) as refused:
        channel.send(Outgoing("k", "CA1", "工单号", weight="result"))
    assert refused.value.lost is False


def test_text_messages_go_through_the_providers_client(provider: Provider) -> None:
    provider.answers = [
        (201, b'{"sid": "SM1", "status": "queued"}'),
        (429, b'{"code": 20429, "message": "x", "status": 429}'),
        (400, b'{"code": 21211, "message": "x", "status": 400}'),
    ]
    channel = SmsChannel(client(ACCOUNT, TOKEN, provider.url), "+864008888888")
    message = Outgoing("k", "+8613800138000", "您的工单号是 2611230001")
    assert channel.send(message) == "SM1"
    sent = parse_qs(provider.asked[0][3].decode())
    assert provider.asked[0][1] == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert sent == {"To": ["+8613800138000"], "From": ["+864008888888"], "Body": ["您的工单号是 2611230001"]}
    with pytest.raises(Later):
        channel.send(message)
    with pytest.raises(Never):
        channel.send(message)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = house_on(database_url)
    yield opened
    opened.database.close()


def _conversation(session: Session, now: datetime) -> Conversation:
    customer = Customer(language="zh", created_at=now)
    identity = Identity(channel="voice", external_id="+86", created_at=now, customer=customer)
    conversation = Conversation(lane="voice:x:1", identity=identity, created_at=now, state={})
    session.add(conversation)
    session.flush()
    return conversation


def _sounds(
    conversation: Conversation, kept: Iterable[tuple[str, int, str]], now: datetime
) -> Iterator[Media]:
    """``kept``: path, days since, channel."""
    for number, (path, days, channel) in enumerate(kept):
        yield Media(
            lane=f"m{number}", status="done", due_at=now, inbox_id=number, conversation_id=conversation.id,
            channel=channel, provider_id=f"RE{number}", kind="voice", said_at=now - timedelta(days=days), path=path,
        )  # fmt: skip


def test_recordings_are_kept_for_their_time(house: House, tmp_path: Path) -> None:
    store, now = MediaStore(tmp_path), house.clock.now()
    old, shared, new = (store.put(b"ID3" + bytes([n]) * 100).path for n in range(3))
    with house.database.session() as session:
        kept = (
            (old, 200, "voice"),
            (shared, 200, "voice"),
            (shared, 1, "voice"),
            (new, 1, "voice"),
            (new, 300, "wechat"),
        )
        session.add_all(_sounds(_conversation(session, now), kept, now))
        session.commit()
        assert expire_recordings(session, store, days=180, now=now) == 2
        session.commit()
        assert expire_recordings(session, store, days=180, now=now) == 0
        kept = [row.path for row in session.query(Media).order_by(Media.id)]
    assert kept == [None, None, shared, new, new]
    assert not (tmp_path / old).exists() and (tmp_path / shared).exists() and (tmp_path / new).exists()
