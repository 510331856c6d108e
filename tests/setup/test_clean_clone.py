"""The README's two commands in a clean clone, and the first of them where Rasa cannot be had."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.ports import free_port
from tests.server import await_ready
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.setup, pytest.mark.timeout(900)]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a newcomer gets: committed files only."""
    target = tmp_path / "frontdoor"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(target)], check=True)
    return target


def environment(**more: str) -> dict[str, str]:
    ours = ("FRONTDOOR_", "MAKE", "VIRTUAL_ENV", "PYTHONPATH", "PYTEST", "UV")
    return {k: v for k, v in os.environ.items() if not k.startswith(ours)} | more


def served(clone: Path, **more: str) -> tuple[str, str, str]:
    """`make run`, until it serves: (the page /try, the state, what was printed)."""
    port, log = free_port(), clone / "run.log"
    with log.open("w") as out:
        running = subprocess.Popen(
            ["make", "run", f"PORT={port}"], cwd=clone, env=environment(**more), stdout=out, stderr=out, text=True,
            start_new_session=True,
        )  # fmt: skip
        try:
            await_ready(f"http://127.0.0.1:{port}", running, seconds=800)
            page = httpx.get(f"http://127.0.0.1:{port}/try", timeout=PATIENCE, trust_env=False).text
            told = httpx.get(f"http://127.0.0.1:{port}/try/state", timeout=PATIENCE, trust_env=False)
            state = told.json()["nlu"]["source"]
            # A thread of its own looks for the open door and tells the addresses then.
            until(lambda: "frontdoor: staff" in log.read_text())
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait(2 * PATIENCE)
    return page, state, log.read_text()


def test_make_run(clone: Path) -> None:
    page, state, printed = served(clone)
    assert "<html" in page and state in ("rasa", "preparing")
    assert "/console  (admin / " in printed, printed


def test_make_run_without_rasa(clone: Path, tmp_path: Path) -> None:
    """No uv for Rasa's environment stands for no network and no Python 3.10: the reason is told, keywords serve."""
    downloads = os.environ.get("UV_CACHE_DIR") or str(Path.home() / ".cache" / "uv")
    cache = tmp_path / "cache"
    page, state, printed = served(
        clone, UV="/bin/false", XDG_CACHE_HOME=str(cache), UV_CACHE_DIR=downloads, PATH=_without_uv()
    )
    assert "<html" in page and state == "keywords"
    assert "keywords are used instead" in printed, printed


def _without_uv() -> str:
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(f for f in folders if not shutil.which("uv", path=f))


def test_make_test(clone: Path) -> None:
    """The recipe of `make test`, on one small file: the whole suite is what runs this."""
    done = subprocess.run(
        ["make", "test", "ARGS=tests/test_wording.py"],
        cwd=clone,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout + done.stderr
