"""The real Rasa model: floors under its figures, and one shape of answer whatever it is asked."""

import base64
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.knowledge.senses import vector
from nlu.batch import parse_texts
from nlu.client import NluClient
from nlu.evaluation import figures
from nlu.process import ModelServer, start_server
from nlu.training import ensure_model
from tests.rasa import TOKEN, model_server
from tests.waiting import PATIENCE, until

pytestmark = [pytest.mark.rasa, pytest.mark.timeout(900)]
GOLD = Path(__file__).parents[2] / "nlu" / "testset" / "held_out.jsonl"
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


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlu.client._ENCODE_SECONDS", PATIENCE)


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def http(server: ModelServer) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=server.url,
        trust_env=False,
        timeout=PATIENCE,
        headers={"Authorization": f"Bearer {TOKEN}"},
    ) as client:
        yield client


def test_figures_keep_their_floors(server: ModelServer) -> None:
    gold = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    client = NluClient(server.url, TOKEN, PATIENCE)
    measured = figures(gold, list(parse_texts([g["text"] for g in gold], client)))
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


def test_the_sense_of_a_text_is_told_when_asked_for(http: httpx.Client) -> None:
    text = "我家空調（ＫＦＲ）不製冷"
    parsed = http.post("/model/parse", json={"text": text, "sense": True}).json()
    (encoded,) = http.post("/model/encode", json={"texts": [text]}).json()["senses"]
    assert set(parsed) == SHAPE | {"sense"}
    one, other = (vector(base64.b64decode(sense)) for sense in (parsed["sense"], encoded))
    assert len(one) == 512 and one @ other > 0.999 and abs(one @ one - 1) < 0.01


def test_like_meanings_are_near_in_both_languages(server: ModelServer) -> None:
    texts = ["空调滤网怎么洗", "how do I clean the filter of my aircon", "发票什么时候寄给我", "", "\ud800😀"]
    senses = NluClient(server.url, TOKEN).encode(texts)
    assert senses is not None and len(senses) == 5
    chinese, english, other = map(vector, senses[:3])
    assert chinese @ english > chinese @ other + 0.2


def test_the_server_says_which_model_encodes(server: ModelServer, http: httpx.Client) -> None:
    """What texts mean is kept across restarts under this name."""
    archive = ensure_model()
    recorded = archive.with_suffix(".gz.sha256").read_text("ascii").strip()
    assert len(recorded) == 64 and NluClient(server.url, TOKEN).encoder() == recorded
    assert httpx.get(f"{server.url}/model/encode", timeout=PATIENCE).status_code == 401
    assert NluClient(server.url, "wrong").encoder() == ""


@pytest.mark.parametrize("texts", [None, [], "空调", [5], ["x"] * 33])
def test_what_cannot_be_encoded_is_a_plain_refusal(http: httpx.Client, texts: object) -> None:
    response = http.post("/model/encode", json={"texts": texts})
    assert response.status_code == 400 and response.json()["error"]


def test_only_parse_encode_and_health_are_there(http: httpx.Client) -> None:
    assert http.get("/healthz").json() == {"ok": True}
    assert [http.get(path).status_code for path in ("/", "/status", "/model", "/domain")] == [404] * 4
    assert http.put("/model", content=b"{}").status_code == 404
    assert http.get("/model/parse").status_code == 405
    assert http.post("/webhooks/rest/webhook", json={"text": "x"}).status_code == 404


def test_the_token_is_needed_either_way(server: ModelServer) -> None:
    ask = f"{server.url}/model/parse"
    with httpx.Client(timeout=PATIENCE, trust_env=False) as http:
        assert http.post(ask, json={"text": "x"}).status_code == 401
        assert http.post(f"{ask}?token=wrong", json={"text": "x"}).status_code == 401
        assert http.post(f"{server.url}/model/encode", json={"texts": ["x"]}).status_code == 401
        assert http.post(f"{ask}?token={TOKEN}", json={"text": "x"}).status_code == 200


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
        timeout=5 * PATIENCE,
    )
    assert done.returncode and "does not match its recorded hash" in done.stderr


def test_another_load_in_two_processes_says_the_same(server: ModelServer) -> None:
    """Predictions do not depend on the process, and all processes of a server end with it."""
    texts = [json.loads(line)["text"] for line in GOLD.read_text(encoding="utf-8").splitlines()[::6]]
    second = start_server(token=TOKEN, processes=2)
    assert second.wait(5 * PATIENCE), second.reason
    try:
        mine = list(parse_texts(texts, NluClient(server.url, TOKEN, PATIENCE)))
        theirs = list(parse_texts(texts, NluClient(second.url, TOKEN, PATIENCE)))
        assert [_words(answer) for answer in theirs] == [_words(answer) for answer in mine]
        # Another process may add up in another order: the last digit is no promise.
        sure = [answer["confidence"] for answer in mine]
        assert [answer["confidence"] for answer in theirs] == pytest.approx(sure, abs=0.002)
        for _ in range(8):  # new connections: either process may take one
            ask = f"{second.url}/model/parse?token={TOKEN}"
            answer = httpx.post(ask, json={"text": texts[0]}, timeout=PATIENCE, trust_env=False)
            assert answer.json()["intent"]["name"] == mine[0]["intent"]
    finally:
        second.stop()
    until(lambda: _nobody_answers(second))


def _words(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "confidence"}


def _nobody_answers(server: ModelServer) -> bool:
    try:
        httpx.get(f"{server.url}/healthz", timeout=PATIENCE, trust_env=False)
    except httpx.ReadTimeout:
        return False
    except httpx.TransportError:
        return True
    return False
