"""The Rasa components themselves: the encoder is the wheel's, and the same data and seed give the same model."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from nlu.environment import NluUnavailable, child_variables, ensure_environment

pytestmark = [pytest.mark.rasa, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    try:
        python = ensure_environment()
    except NluUnavailable as problem:
        pytest.skip(problem.reason)
    script = Path(__file__).with_name("inside_rasa.py")
    done = subprocess.run([python, script], env=child_variables(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_quick_pass_is_the_encoder_of_the_wheel(found: dict[str, Any]) -> None:
    assert found["encoders"] < 1e-5


def test_rasa_reports_to_nobody(found: dict[str, Any]) -> None:
    assert found["telemetry"] is False


def test_forgotten_word_pieces_are_worked_out_again(found: dict[str, Any]) -> None:
    assert found["rarely"] < 1e-5


def test_misheard_products_are_heard(found: dict[str, Any]) -> None:
    heard = {text: words[0] if words else "" for text, words in found["echoes"].items()}
    assert heard == {
        "典视花屏": "典视",
        "空条不冷": "空条",
        "热水气漏水": "热水气",
        "洗一机不转": "洗一机",
        "重点是快点": "",
        "电影好看": "",
        "花屏的典视": "典视",
    }


def test_edges_of_times_and_places(found: dict[str, Any]) -> None:
    assert found["edges"] == {"places": ["武侯区簇桥街", "双流区航空港"], "time": ["周六上午以后"]}


def test_the_same_data_and_seed_give_the_same_model(found: dict[str, Any]) -> None:
    assert found["first"] == found["second"]
    assert len(set(found["first"]["texts"])) > 400  # with variants
