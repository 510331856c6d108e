"""The real Rasa model: floors under its figures, and one shape of answer whatever it is asked."""

import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from nlu.batch import parse_texts
from nlu.client import NluClient
from nlu.evaluation import figures
from nlu.process import ModelServer, start_server

pytestmark = [pytest.mark.rasa, pytest.mark.timeout(900)]
GOLD = Path(__file__).parents[2] / "nlu" / "testset" / "held_out.jsonl"
TOKEN = "test-token"
SHAPE = {
    "text",
    "truncated",
    "intent",
    "intent_ranking",
    "entities",
    "symptom",
    "non_quality",
    "as_fault",
    "nearly",
}
FLOORS = {
    "intent macro F1": 0.94,
    "entity micro F1": 0.95,
    "symptom accuracy": 0.92,
    "non_quality accuracy": 0.90,
    "emergency recall": 0.99,
    "out_of_scope recall": 0.90,
}
CEILINGS = {
    "non-emergencies raised": 0.005,
    "in-scope wrongly rejected": 0.03,
    "expected calibration error": 0.05,
}


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    running = start_server(token=TOKEN)
    if not running.wait(800):
        assert not os.environ.get("CI"), f"CI needs the Rasa model: {running.reason}"
        pytest.skip(f"the Rasa model cannot be had here: {running.reason}")
    yield running
    running.stop()


@pytest.fixture
def http(server: ModelServer) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=server.url, trust_env=False, headers={"Authorization": f"Bearer {TOKEN}"}
    ) as client:
        yield client


def test_figures_keep_their_floors(server: ModelServer) -> None:
    gold = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    measured = figures(gold, list(parse_texts([g["text"] for g in gold], NluClient(server.url, TOKEN, 10))))
    assert {k: v for k, v in measured.items() if v < FLOORS.get(k, 0) or v > CEILINGS.get(k, 1)} == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "😀",
        "空" * 10_000,
        "1" * 600,
        "hello",
        "مرحبا 空调",
        "\x00\x07\u200b",
        "\ud800",
        '{"text": "x"}',
        "/restart",
        "/intent{",
        "空调坏了。" * 200,
    ],
)
def test_any_string_has_an_answer_of_one_shape(http: httpx.Client, text: str) -> None:
    response = http.post("/model/parse", content=json.dumps({"text": text}))
    answer = response.json()
    assert response.status_code == 200 and set(answer) == SHAPE and answer["text"] == text
    assert answer["truncated"] == (len(text) > 500)
    assert 0 <= answer["intent"]["confidence"] <= 1.001 and answer["intent_ranking"][0] == answer["intent"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"text": 5}', b'{"text": null}', b"\xff", b'{"t": "x"}', b"[" * 9000],
)
def test_a_bad_body_is_a_plain_refusal(http: httpx.Client, body: bytes) -> None:
    response = http.post("/model/parse", content=body)
    assert response.status_code == 400 and response.json()["error"]


def test_only_parse_and_health_are_there(http: httpx.Client) -> None:
    assert http.get("/healthz").json() == {"ok": True}
    assert [http.get(path).status_code for path in ("/", "/status", "/model", "/domain")] == [404] * 4
    assert http.put("/model", content=b"{}").status_code == 404
    assert http.get("/model/parse").status_code == 405
    assert http.post("/webhooks/rest/webhook", json={"text": "x"}).status_code == 404


def test_the_token_is_needed_either_way(server: ModelServer) -> None:
    ask = f"{server.url}/model/parse"
    assert httpx.post(ask, json={"text": "x"}).status_code == 401
    assert httpx.post(f"{ask}?token=wrong", json={"text": "x"}).status_code == 401
    assert httpx.post(f"{ask}?token={TOKEN}", json={"text": "x"}).status_code == 200


def test_offsets_point_into_the_original(http: httpx.Client) -> None:
    text = "我家美的空調（ＫＦＲ－35GW）不製冷，電話幺三八零零一三八零零零"
    found = http.post("/model/parse", json={"text": text}).json()
    assert all(text[e["start"] : e["end"]] == e["value"] for e in found["entities"])
    assert {"美的", "空調", "幺三八零零一三八零零零"} <= {e["value"] for e in found["entities"]}
    assert (found["intent"]["name"], found["symptom"]) == ("report_fault", "no_cooling")


def test_a_long_story_is_cut_at_a_sentence_end(http: httpx.Client) -> None:
    text = "我家空调不制冷了，一直吹热风。" * 60
    answer = http.post("/model/parse", json={"text": text}).json()
    assert answer["truncated"] and answer["intent"]["name"] == "report_fault"
    assert all(e["end"] <= 500 for e in answer["entities"])


def test_the_server_listens_on_the_loopback_only(server: ModelServer) -> None:
    assert server.host == "127.0.0.1"
    outside = socket.gethostbyname(socket.gethostname())
    if not outside.startswith("127."):
        with pytest.raises(OSError):
            socket.create_connection((outside, server.port), timeout=1)


def test_a_changed_archive_is_not_loaded(tmp_path: Path) -> None:
    import subprocess

    from nlu.environment import PROJECT, child_variables, ensure_environment

    (tmp_path / "m.tar.gz").write_bytes(b"something else")
    (tmp_path / "m.tar.gz.sha256").write_text("0" * 64)
    done = subprocess.run(
        [ensure_environment(), PROJECT / "serve.py", tmp_path / "m.tar.gz"],
        env=child_variables(),
        stdin=subprocess.PIPE,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode and "does not match its recorded hash" in done.stderr


def test_another_load_in_two_processes_says_the_same(server: ModelServer) -> None:
    """Predictions do not depend on the process, and all processes of a server end with it."""
    texts = [json.loads(line)["text"] for line in GOLD.read_text(encoding="utf-8").splitlines()[::6]]
    second = start_server(token=TOKEN, processes=2)
    assert second.wait(60), second.reason
    try:
        mine = list(parse_texts(texts, NluClient(server.url, TOKEN, 10)))
        assert list(parse_texts(texts, NluClient(second.url, TOKEN, 10))) == mine
        for _ in range(8):  # new connections: either process may take one
            answer = httpx.post(
                f"{second.url}/model/parse?token={TOKEN}", json={"text": texts[0]}, trust_env=False
            )
            assert answer.json()["intent"]["name"] == mine[0]["intent"]
    finally:
        second.stop()
    with pytest.raises(httpx.TransportError):
        for _ in range(40):
            time.sleep(0.1)
            httpx.get(f"{second.url}/healthz", trust_env=False)
