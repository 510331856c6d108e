"""The real model server for a test, or a skip where Rasa cannot be had; CI may not skip."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from nlu.process import ModelServer, start_server

TOKEN = "test-token"


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Runs until the block ends."""
    running = start_server(token=TOKEN)
    if not running.wait(800):
        assert not os.environ.get("CI"), f"CI needs the Rasa model: {running.reason}"
        pytest.skip(f"the Rasa model cannot be had here: {running.reason}")
    try:
        yield running
    finally:
        running.stop()
