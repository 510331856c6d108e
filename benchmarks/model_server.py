"""A model server of this run, the same for either model: how long it takes to start, how much memory it holds."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nlu.environment import PROJECT, ensure_environment

TOKEN = "bench"


class Served:
    """A model server of this run: where it is, how long it took, how much memory it holds."""

    def __init__(self, url: str, ready: float, pid: int) -> None:
        self.url, self.ready, self.pid = url, ready, pid

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def model_server(archive: Path, variables: dict[str, str], processes: int = 1) -> Iterator[Served]:
    """The same server for either model."""
    started = time.perf_counter()
    command = [str(ensure_environment()), str(PROJECT / "serve.py"), str(archive), "--port", "0"]
    child = subprocess.Popen(
        [*command, "--processes", str(processes)],
        env=variables | {"FRONTDOOR_NLU_TOKEN": TOKEN},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdin and child.stdout
    said = child.stdout.readline()
    if not said:
        raise RuntimeError(f"no model server: exit code {child.wait()}")
    try:
        yield Served(f"http://127.0.0.1:{json.loads(said)['port']}", time.perf_counter() - started, child.pid)
    finally:
        child.stdin.close()
        child.terminate()
        child.wait(20)
