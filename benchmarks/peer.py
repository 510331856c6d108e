"""Ours and Rasa's default Chinese pipeline, trained on the same sentences in the same run, served the same way."""

import hashlib
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import sample
from nlu.environment import PROJECT, cache, child_variables, ensure_environment
from nlu.environment import _uv as uv_command
from nlu.training import fingerprint

HERE = Path(__file__).with_name("rasa_default")
# jieba has no wheel; the hash is of its source archive.
JIEBA = "jieba==0.42.1 --hash=sha256:055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2"


@dataclass(frozen=True)
class Pipeline:
    """A trained pipeline: its archive, the environment of its processes, how long training took (s)."""

    archive: Path
    variables: dict[str, str]
    seconds: float


def trained() -> tuple[Pipeline, Pipeline]:
    """(ours, Rasa's default), each trained on the sample; kept by the content of everything they are made from."""
    with tempfile.TemporaryDirectory() as folder:
        data = sample.write(Path(folder))
        ours = _pipeline(
            "ours", Path(folder), PROJECT / "config.yml", f"{data}-{fingerprint()}", child_variables()
        )
        default = _pipeline("default", Path(folder), HERE / "config.yml", data, _with_jieba())
    return ours, default


def _pipeline(name: str, folder: Path, config: Path, made_from: str, variables: dict[str, str]) -> Pipeline:
    key = hashlib.sha256(config.read_bytes() + made_from.encode()).hexdigest()[:16]
    archive = cache() / "models" / f"sample-{name}-{key}.tar.gz"
    noted = archive.with_suffix(".seconds")
    if not (archive.exists() and noted.exists()):
        _train(config, folder / "data", archive, variables)
    return Pipeline(archive, variables, float(noted.read_text()))


def _train(config: Path, data: Path, archive: Path, variables: dict[str, str]) -> None:
    archive.parent.mkdir(parents=True, exist_ok=True)
    work, started = archive.with_name("work-" + archive.name), time.monotonic()
    command = [ensure_environment(), HERE / "train.py", config, data, PROJECT / "domain.yml", work]
    done = subprocess.run(command, env=variables, cwd=archive.parent, capture_output=True, text=True)
    if done.returncode or not work.exists():
        raise RuntimeError(f"training failed: {done.stderr[-500:]}")
    whole = hashlib.sha256(work.read_bytes()).hexdigest()
    archive.with_suffix(archive.suffix + ".sha256").write_text(whole)
    archive.with_suffix(".seconds").write_text(f"{time.monotonic() - started:.1f}")
    work.rename(archive)


def _with_jieba() -> dict[str, str]:
    """jieba beside Rasa, not in the product's environment; TensorFlow may use both cores."""
    threads = {"OMP_NUM_THREADS": "2", "TF_NUM_INTEROP_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "2"}
    return child_variables() | threads | {"PYTHONPATH": f"{PROJECT}:{_jieba()}"}


def _jieba() -> Path:
    home = cache() / "bench-jieba-0.42.1"
    if not (home / "jieba").exists():
        wanted = cache() / "bench-jieba.txt"
        wanted.write_text(JIEBA + "\n")
        install = [*uv_command(), "pip", "install", "-q", "--python", ensure_environment(), "--no-deps"]
        subprocess.run([*install, "--target", home, "--require-hashes", "-r", wanted], check=True)
    return home
