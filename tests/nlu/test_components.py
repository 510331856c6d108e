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


def test_the_same_data_and_seed_give_the_same_model(found: dict[str, Any]) -> None:
    assert found["first"] == found["second"]
    assert len(set(found["first"]["texts"])) > 400  # with variants
