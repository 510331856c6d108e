"""Training as its caller sees it: a bar that moves, an archive with its hash, and the reason when it fails."""

from pathlib import Path

import pytest

from nlu import training
from nlu.environment import NluUnavailable
from nlu.training import ensure_model, how_far


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(training, "SECONDS_BETWEEN_WORDS", 0.1)
    return []


def trainer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    """In the place of Rasa's Python: called as ``python train.py ARCHIVE``."""
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\n{lines}\n")
    script.chmod(0o755)
    monkeypatch.setattr(training, "ensure_environment", lambda progress: script)


def test_the_bar_moves_and_the_archive_has_its_hash(
    said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hear(line: str) -> None:
        said.append(line)
        for share in ("25%", "75%"):
            if share in line:
                (tmp_path / share).touch()

    def goes_on_when_seen(share: str) -> str:
        return f"n=0; until [ -e '{tmp_path}/{share}' ] || [ $((n += 1)) -gt 1200 ]; do sleep 0.05; done"

    steps = (
        "sleep 0.6; echo progress 0.25",
        goes_on_when_seen("25%"),
        "echo progress 0.75",
        goes_on_when_seen("75%"),
        'echo x > "$2"',
    )
    trainer(tmp_path, monkeypatch, "; ".join(steps))
    archive = ensure_model(hear)
    assert archive.exists() and training._hash_file(archive).exists()
    bars = [line for line in said if "█" in line]
    assert any("██████░" in line and "25%" in line for line in bars)
    assert any("██████████████████░" in line and "75%" in line for line in bars)
    assert "model trained in" in said[-1] and training.seconds_of_training(archive) > 0.5


def test_a_trained_model_is_not_trained_again(
    said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer(tmp_path, monkeypatch, 'echo x > "$2"')
    first = ensure_model(said.append)
    said.clear()
    assert ensure_model(said.append) == first and said == []


def test_a_failed_training_says_why_and_leaves_no_archive(
    said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer(tmp_path, monkeypatch, "echo progress 0.25; echo no space left on device >&2; exit 1")
    with pytest.raises(NluUnavailable, match="no space left on device"):
        ensure_model(said.append)
    assert list((tmp_path / "frontdoor" / "models").iterdir()) == []


def test_how_far_reads_the_last_word() -> None:
    assert how_far("") == 0.0
    assert how_far("warning: x\nprogress 0.10\nnoise\nprogress 0.42\n") == 0.42
