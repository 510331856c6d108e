"""``frontdoor call`` against a server that speaks TwiML, as a process with a pipe; and in a terminal."""

import io
import json
import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import Response

from tests.ivr.softphone.conftest import TOKEN, Switchboard
from tests.ports import free_port
from tests.server import FRONTDOOR
from tests.serving import serving
from tests.waiting import PATIENCE

MENU = '<Say>您好</Say><Gather numDigits="1" action="/menu"><Say>报修请按1</Say></Gather><Say>再见</Say>'
INCOMING = "/webhooks/voice/incoming"


@pytest.fixture
def served(board: Switchboard) -> Iterator[str]:
    board.documents |= {INCOMING: MENU, "/webhooks/voice/status": "", "/menu": "<Dial>+8613900000001</Dial>"}
    with serving(board.app) as address:
        yield address


def frontdoor(home: Path, *words: str, steps: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"FRONTDOOR_HOME": str(home), "FRONTDOOR_TWILIO_AUTH_TOKEN": TOKEN, **settings}
    command = [str(FRONTDOOR), "call", *words]
    return subprocess.run(
        command, input=steps, env=environment, capture_output=True, text=True, timeout=2 * PATIENCE
    )


def test_steps_in_and_what_is_heard_out(served: str, board: Switchboard, tmp_path: Path) -> None:
    done = frontdoor(tmp_path, "--from", "+8613911112222", "--url", served, steps="press 1\nanswer\n")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["text"] for line in lines if line["text"]] == ["您好", "报修请按1"]
    assert {"dial": "+8613900000001", "over": "document"}.items() <= {
        line["event"]: line.get("to") or line.get("reason") for line in lines if not line["text"]
    }.items()
    assert board.asked(INCOMING)[0]["From"] == "+8613911112222"
    assert board.asked("/webhooks/voice/status")[0]["CallStatus"] == "completed"


def test_the_end_of_the_input_hangs_up(served: str, board: Switchboard, tmp_path: Path) -> None:
    done = frontdoor(tmp_path, "--url", served, steps="")
    assert json.loads(done.stdout.splitlines()[-1])["reason"] == "caller"
    assert board.asked("/webhooks/voice/status")[0]["CallStatus"] == "completed"


def test_steps_after_the_end_of_the_call_are_nothing(served: str, tmp_path: Path) -> None:
    done = frontdoor(tmp_path, "--url", served, steps="silence\npress 1\nsay 喂\n")
    assert done.returncode == 0 and json.loads(done.stdout.splitlines()[-1])["reason"] == "document"


def test_a_step_that_is_none_is_told(served: str, board: Switchboard, tmp_path: Path) -> None:
    done = frontdoor(tmp_path, "--url", served, steps="dance\n")
    assert done.returncode == 2 and "no such step: 'dance'" in done.stderr
    assert board.asked("/webhooks/voice/status"), "the line is not left open"


def test_nobody_answers(tmp_path: Path) -> None:
    done = frontdoor(tmp_path, "--url", f"http://127.0.0.1:{free_port()}", steps="press 1\n")
    assert done.returncode == 1 and "make run" in done.stderr and "Traceback" not in done.stderr


def test_a_server_without_a_phone(served: str, board: Switchboard, tmp_path: Path) -> None:
    del board.documents[INCOMING]
    done = frontdoor(tmp_path, "--url", served, steps="")
    assert done.returncode == 1 and "11200" in done.stderr


def test_another_key_than_the_servers_is_told(served: str, board: Switchboard, tmp_path: Path) -> None:
    def only_genuine(_fields: dict[str, str]) -> Response:
        return Response("", status_code=200 if board.seen[-1].genuine else 403, media_type="text/xml")

    board.documents[INCOMING] = only_genuine
    done = frontdoor(tmp_path, "--url", served, steps="", FRONTDOOR_TWILIO_AUTH_TOKEN="another")
    assert done.returncode == 1 and "FRONTDOOR_HOME" in done.stderr
    board.seen.clear()


def test_behind_a_proxy_the_public_address_is_signed(board: Switchboard, served: str, tmp_path: Path) -> None:
    """The validator of this server looks at the inner address, so it must find the signature wrong."""
    done = frontdoor(tmp_path, "--url", served, steps="", FRONTDOOR_PUBLIC_URL="https://phone.example.com")
    assert done.returncode == 0 and not any(seen.genuine for seen in board.seen)
    board.seen.clear()


def test_in_a_terminal_keys_words_and_silence(served: str, board: Switchboard, tmp_path: Path) -> None:
    board.documents["/menu"] = (
        '<Gather input="speech" language="cmn-Hans-CN" action="/said"><Say>请讲</Say></Gather>'
    )
    board.documents["/said"] = lambda fields: f"<Say>您说{fields['SpeechResult']}</Say>"
    ours, theirs = pty.openpty()
    environment = os.environ | {"FRONTDOOR_HOME": str(tmp_path), "FRONTDOOR_TWILIO_AUTH_TOKEN": TOKEN}
    process = subprocess.Popen(
        [str(FRONTDOOR), "call", "--url", served], stdin=theirs, stdout=subprocess.PIPE, env=environment
    )
    os.write(ours, "1\n空调不制冷\n".encode())
    out, _ = process.communicate(timeout=2 * PATIENCE)
    os.close(theirs)
    os.close(ours)
    assert "请讲" in out.decode() and "您说空调不制冷" in out.decode() and process.returncode == 0


def test_what_is_shown_of_a_call(board: Switchboard) -> None:
    from app.call.terminal import pipe

    out = io.StringIO()
    board.documents["/kept"] = ""
    phone = board.phone('<Say>请留言</Say><Record action="/kept"/>')
    pipe(phone, io.StringIO("say 空调坏了\n\nsilence\n"), out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line.get("event", "heard") for line in lines] == ["heard", "beep", "recorded", "over"]
    assert lines[2]["words"] == "空调坏了" and all(set(line) >= {"text", "at"} for line in lines)
