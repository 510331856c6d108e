"""The model server as a child process: starts without blocking, says how far it is, dies with us."""

import json
import os
import subprocess
import threading
from pathlib import Path

from nlu.environment import PROJECT, NluUnavailable, Say, child_variables, ensure_environment, say
from nlu.training import ensure_model


class ModelServer:
    """``state`` is ``preparing``, ``running`` or ``failed``; ``reason`` says why it failed."""

    def __init__(
        self,
        port: int = 0,
        token: str = "",
        host: str = "127.0.0.1",
        progress: Say = say,
        processes: int = 1,
    ):
        self.port, self.host, self.state, self.reason = port, host, "preparing", ""
        self._token, self._progress, self._processes = token, progress, processes
        self._child: subprocess.Popen | None = None
        self._stopped = False
        self._settled = threading.Event()

    @property
    def url(self) -> str:
        """Where the server answers once it runs."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> "ModelServer":
        """Makes what is missing and starts the child, all in a thread of its own."""
        threading.Thread(target=self._run, name="nlu-server", daemon=True).start()
        return self

    def wait(self, timeout: float | None = None) -> bool:
        """True when it runs; False when it failed or ``timeout`` seconds were not enough."""
        self._settled.wait(timeout)
        return self.state == "running"

    def join(self) -> int:
        """Blocks until the child ends; its exit code."""
        return self._child.wait() if self._child else 1

    def stop(self) -> None:
        """Ends the child; it also ends by itself when this process does."""
        self._stopped = True
        if self._child and self._child.poll() is None:
            if self._child.stdin:
                self._child.stdin.close()  # every process of the server watches it
            self._child.terminate()
            try:
                self._child.wait(timeout=10)
            except (
                subprocess.TimeoutExpired
            ):  # it still loads, on a busy machine: whoever stops must not fail of it
                self._child.kill()
                self._child.wait()

    def _run(self) -> None:
        try:
            archive = ensure_model(self._progress)
            self._launch(ensure_environment(self._progress), archive)
        except NluUnavailable as problem:
            self._fail(problem.reason)
        except OSError as problem:
            self._fail(str(problem))
        finally:
            self._settled.set()

    def _launch(self, python: Path, archive: Path) -> None:
        command = [python, PROJECT / "serve.py", archive, "--host", self.host, "--port", str(self.port)]
        command += ["--processes", str(self._processes)]
        variables = child_variables() | {"FRONTDOOR_NLU_TOKEN": self._token}
        if self._stopped:
            return
        self._child = subprocess.Popen(
            command,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("FRONTDOOR_NLU_LOG") else subprocess.DEVNULL,
        )
        ready = self._child.stdout.readline() if self._child.stdout else b""
        if not ready:
            raise NluUnavailable(f"the model server ended with code {self._child.wait()}")
        self.port, self.state = json.loads(ready)["port"], "running"
        self._progress(f"NLU: Rasa model answers on {self.url}")

    def _fail(self, reason: str) -> None:
        self.state, self.reason = "failed", reason
        self._progress(f"NLU: not available, keywords are used instead ({reason})")


def start_server(port: int = 0, token: str = "", progress: Say = say, processes: int = 1) -> ModelServer:
    """Starts the model server in the background and returns at once."""
    return ModelServer(port, token, progress=progress, processes=processes).start()
