"""Rasa's own HTTP server with our model: what ``/model/parse`` costs where nobody slimmed it."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from nlu.environment import ensure_environment
from tests.ports import free_port

TOKEN = "bench"
PATIENCE = 120.0  # seconds to load TensorFlow and the model


@contextmanager
def rasa_server(archive: Path, variables: dict[str, str]) -> Iterator[str]:
    """The address of its ``/model/parse``; RuntimeError when it does not come up."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/model/parse?token={TOKEN}"
    command = [str(ensure_environment()), "-m", "rasa", "run", "--enable-api", "--auth-token", TOKEN]
    with tempfile.TemporaryDirectory() as empty:
        child = subprocess.Popen(
            [*command, "-m", str(archive), "--port", str(port)],
            env=variables,
            cwd=empty,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await_answer(child, address)
            yield address
        finally:
            child.terminate()
            child.wait(20)


def _await_answer(child: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while child.poll() is None and time.monotonic() < deadline:
        try:
            answer = httpx.post(address, json={"text": "空调不制冷"}, trust_env=False, timeout=30)
            if answer.status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise RuntimeError("Rasa's own server did not come up")
