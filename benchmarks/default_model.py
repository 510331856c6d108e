"""Rasa's default Chinese pipeline on the same sentences: trained once per content of the data, served like ours."""

import fcntl
import hashlib
import subprocess
import time
from pathlib import Path

from nlu.environment import PROJECT, cache, child_variables, ensure_environment
from nlu.environment import _uv as uv_command

HERE = Path(__file__).with_name("rasa_default")
# jieba has no wheel; the hash is of its source archive.
JIEBA = "jieba==0.42.1 --hash=sha256:055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2"


def variables() -> dict[str, str]:
    """Environment of the default pipeline's processes: jieba beside Rasa, not in the product's environment."""
    ours = child_variables()
    threads = {"OMP_NUM_THREADS": "2", "TF_NUM_INTEROP_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "2"}
    return ours | threads | {"PYTHONPATH": f"{PROJECT}:{_jieba()}"}


def archive() -> Path:
    """Where the model of the present data is, or would be."""
    whole = hashlib.sha256((HERE / "config.yml").read_bytes())
    for path in sorted((PROJECT / "data").rglob("*.yml")):
        whole.update(path.read_bytes())
    return cache() / "models" / f"default-{whole.hexdigest()[:16]}.tar.gz"


def train(most: float) -> float | None:
    """Seconds of training, now or when it was done; None where ``most`` seconds were not enough."""
    made = archive()
    noted = made.with_suffix(".seconds")
    latest = time.monotonic() + most
    with (cache() / "default-training.lock").open("w") as file:
        while not (made.exists() and noted.exists()):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # somebody else trains it
                if time.monotonic() > latest:
                    return None
                time.sleep(1)
            else:
                return _train(made, noted, most)
    return float(noted.read_text())


def _train(made: Path, noted: Path, most: float) -> float | None:
    python, started = ensure_environment(), time.monotonic()
    work = made.with_name("work-" + made.name)
    command = [python, HERE / "train.py", PROJECT / "data", PROJECT / "domain.yml", work]
    try:
        subprocess.run(
            command,
            env=variables(),
            cwd=made.parent,
            timeout=most,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return None
    seconds = time.monotonic() - started
    made.with_suffix(made.suffix + ".sha256").write_text(hashlib.sha256(work.read_bytes()).hexdigest())
    noted.write_text(f"{seconds:.1f}")
    work.rename(made)
    return seconds


def _jieba() -> Path:
    home = cache() / "bench-jieba-0.42.1"
    if not (home / "jieba").exists():
        wanted = cache() / "bench-jieba.txt"
        wanted.write_text(JIEBA + "\n")
        install = [*uv_command(), "pip", "install", "-q", "--python", ensure_environment(), "--no-deps"]
        subprocess.run([*install, "--target", home, "--require-hashes", "-r", wanted], check=True)
    return home


if __name__ == "__main__":  # ahead of `make bench`, which has fifteen minutes for everything
    print(f"trained in {train(most=4 * 3600):.0f} s: {archive()}")
