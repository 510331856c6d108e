"""The trained model, cached by the content of everything it is made from."""

import hashlib
import subprocess
import tempfile
import time
from pathlib import Path

from nlu.environment import (
    PROJECT,
    NluUnavailable,
    Say,
    cache,
    child_variables,
    ensure_environment,
    locked,
    say,
)

_KINDS = (".py", ".yml", ".txt", ".lock")
# Always two, however many cores there are: sums in another order would be another model.
THREADS = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
SECONDS_BETWEEN_WORDS = 5
BAR = 24  # characters
_SERVING = ("serve.py", "loaded.py", "slim.py")  # they change how a model is served, not what it says


def inputs() -> list[Path]:
    """Every file that the model depends on: settings with the seed, data, components, language, lock."""
    return sorted(p for p in PROJECT.rglob("*") if p.suffix in _KINDS and p.name not in _SERVING)


def fingerprint() -> str:
    """One hash over the names and contents of the inputs."""
    whole = hashlib.sha256()
    for path in inputs():
        content = path.read_bytes()
        whole.update(f"{path.relative_to(PROJECT)}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:16]


def ensure_model(progress: Say = say) -> Path:
    """The archive of the present inputs, trained where there is none. Raises NluUnavailable."""
    models = cache() / "models"
    models.mkdir(exist_ok=True)
    archive = models / f"{fingerprint()}.tar.gz"
    if not _complete(archive):
        python = ensure_environment(progress)
        with locked("training"):
            if not _complete(archive):
                _train(python, archive, progress)
    return archive


def seconds_of_training(archive: Path) -> float:
    """How long the training of an archive took on this machine; 0.0 where it was not noted."""
    noted = _seconds_file(archive)
    return float(noted.read_text()) if noted.exists() else 0.0


def _seconds_file(archive: Path) -> Path:
    return archive.with_suffix(".seconds")


def _complete(archive: Path) -> bool:
    return archive.exists() and _hash_file(archive).exists()


def _hash_file(archive: Path) -> Path:
    return archive.with_suffix(archive.suffix + ".sha256")


def _train(python: Path, archive: Path, progress: Say) -> None:
    started = time.monotonic()
    progress("NLU: training the model …")
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        made = Path(folder) / archive.name
        with (Path(folder) / "log").open("w+") as log:
            command, variables = [python, PROJECT / "train.py", made], child_variables() | THREADS
            child = subprocess.Popen(command, cwd=folder, env=variables, stdout=log, stderr=log)
            _wait(child, Path(folder) / "log", started, progress)
            if child.returncode or not made.exists():
                log.seek(0)
                raise NluUnavailable("training failed: " + " / ".join(log.read().splitlines()[-3:]))
        _hash_file(archive).write_text(hashlib.sha256(made.read_bytes()).hexdigest() + "\n")
        _seconds_file(archive).write_text(f"{time.monotonic() - started:.1f}\n")
        made.rename(archive)
    progress(f"NLU: model trained in {time.monotonic() - started:.0f} s")


def _wait(child: subprocess.Popen, log: Path, started: float, progress: Say) -> None:
    while child.poll() is None:
        try:
            child.wait(timeout=SECONDS_BETWEEN_WORDS)
        except subprocess.TimeoutExpired:
            share = how_far(log.read_text(errors="replace"))
            done = round(share * BAR)
            bar = "█" * done + "░" * (BAR - done)
            progress(f"NLU: training {bar} {share:4.0%} · {time.monotonic() - started:.0f} s")


def how_far(log: str) -> float:
    """The part of the training that is done (0 to 1), from the last word of progress in its log."""
    told = [line.split()[1] for line in log.splitlines() if line.startswith("progress ")]
    return float(told[-1]) if told else 0.0
