"""Rasa's own Python 3.10 environment: made once with uv, from hashed locks, shared by all checkouts."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).with_name("rasa")
LOCK = PROJECT / "requirements.lock"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "LOG_LEVEL": "ERROR",
}
Say = Callable[[str], None]


class NluUnavailable(Exception):
    """The Rasa model cannot be had here: ``reason`` says why in a line for people."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def say(line: str) -> None:
    """Progress goes to standard error: standard output belongs to data."""
    print(line, file=sys.stderr, flush=True)


def cache() -> Path:
    """Where environments and models are kept."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "frontdoor"
    home.mkdir(parents=True, exist_ok=True)
    return home


@contextmanager
def locked(name: str) -> Iterator[None]:
    """One process at a time; the others wait for what it makes."""
    with (cache() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ensure_environment(progress: Say = say) -> Path:
    """The environment's interpreter, made first where there is none. Raises NluUnavailable."""
    home = cache() / f"rasa-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    interpreter = home / "bin" / "python"
    if interpreter.exists():
        return interpreter
    with locked("environment"):
        if not interpreter.exists():
            _make(home, progress)
    return interpreter


def child_variables() -> dict[str, str]:
    """The environment variables of every process that runs in Rasa's Python."""
    # Compiled modules are kept even where the caller keeps none: Rasa's take ten seconds to compile at every start.
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if k not in dropped}
    return kept | QUIET | {"PYTHONPATH": str(PROJECT)}


def _make(home: Path, progress: Say) -> None:
    """Builds beside and renames: a half-made environment never has the real name."""
    uv = _uv()
    work = Path(tempfile.mkdtemp(prefix="rasa-making-", dir=cache()))
    try:
        progress("NLU: preparing Rasa's Python 3.10 environment (2 GB, once) …")
        _run([*uv, "venv", "--quiet", "--relocatable", "--python", _python(), str(work / "env")])
        _run([*uv, "pip", "sync", "--require-hashes", "--python", str(work / "env/bin/python"), str(LOCK)])
        (work / "env").rename(home)
        progress("NLU: environment ready")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _uv() -> list[str]:
    """How to call uv."""
    named = os.environ.get("UV")
    for candidate in ([named] if named else [], ["uv"], [sys.executable, "-m", "uv"]):
        if candidate and _works([*candidate, "--version"]):
            return candidate
    raise NluUnavailable("uv is not installed (pip install uv)")


def _python() -> str:
    """A Python 3.10: uv trips over pyenv's shims, so pyenv's own folder is looked at first."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = [str(path) for path in sorted(pyenv.glob("versions/3.10*/bin/python"), reverse=True)]
    return next((path for path in (*found, "python3.10") if _works([path, "--version"])), "3.10")


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _run(command: list[str]) -> None:
    """Raises NluUnavailable with the last words of a command that failed."""
    done = subprocess.run(command, stdout=sys.stderr, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        words = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise NluUnavailable(
            f"{command[-1] if 'pip' not in command else 'uv pip sync'}: {' / '.join(words[:2])}"
        )
