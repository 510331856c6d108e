"""What texts mean outlives the process that asked for it: one file a model, whole or not at all."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.knowledge.kept import KeptSenses, Told, text_hash
from core.knowledge.senses import Senses
from tests.knowledge.test_senses import Encoder

MODEL, OTHER = "a" * 64, "b" * 64
SAID = {"fan": ["风扇", "扇子"], "lamp": ["灯亮"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "senses"


def started(folder: Path, encoder: Encoder, model: Callable[[], str] = lambda: MODEL) -> Senses:
    """As a new process begins: nothing in memory."""
    encoder.asked.clear()
    return Senses(encoder, KeptSenses(folder, model))


def first_start(folder: Path) -> Path:
    """Encode everything; the file that it left."""
    encoder = Encoder()
    assert started(folder, encoder).of(SAID) is not None
    assert encoder.asked == ["风扇", "扇子", "灯亮"]
    (file,) = folder.iterdir()
    return file


def test_a_second_start_asks_the_encoder_nothing(folder: Path) -> None:
    encoder = Encoder()
    before = started(folder, encoder).of(SAID)
    after = started(folder, encoder).of(SAID)
    assert encoder.asked == [] and before is not None and after is not None and (after == before).all()


def test_a_new_wording_is_the_only_one_encoded_and_an_old_one_is_dropped(folder: Path) -> None:
    file, encoder = first_start(folder), Encoder()
    assert started(folder, encoder).of({"fan": ["风扇", "电扇"]}) is not None
    assert encoder.asked == ["电扇"]
    kept = KeptSenses(folder, lambda: MODEL).read().senses
    assert kept.keys() == {text_hash("风扇"), text_hash("电扇")} and [*folder.iterdir()] == [file]


def test_what_was_only_taken_away_is_dropped_too(folder: Path) -> None:
    first_start(folder)
    assert started(folder, Encoder()).of({"fan": ["风扇"]}) is not None
    assert KeptSenses(folder, lambda: MODEL).read().senses.keys() == {text_hash("风扇")}


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
        lambda content: b"\0" * len(content),
        lambda content: content.replace(b"senses 1", b"senses 2"),
    ],
)
def test_a_damaged_file_is_encoded_anew_and_mended(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    file, encoder = first_start(folder), Encoder()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert started(folder, encoder).of(SAID) is not None and len(encoder.asked) == 3
    assert started(folder, encoder).of(SAID) is not None and encoder.asked == []


def test_another_model_encodes_anew_and_old_files_go(folder: Path) -> None:
    file, encoder = first_start(folder), Encoder()
    os.utime(file, (0, 0))
    assert started(folder, encoder, lambda: OTHER).of(SAID) is not None and len(encoder.asked) == 3
    assert [path.name for path in folder.iterdir()] == [f"{OTHER}.senses"]


def test_the_file_of_a_model_that_may_still_be_in_use_stays(folder: Path) -> None:
    first_start(folder)
    assert started(folder, Encoder(), lambda: OTHER).of(SAID) is not None
    assert len([*folder.iterdir()]) == 2


@pytest.mark.parametrize("model", ["", "../../etc/x", "A" * 64, "a"])
def test_a_model_that_does_not_say_which_it_is_keeps_nothing(folder: Path, model: str) -> None:
    assert started(folder, Encoder(), lambda: model).of(SAID) is not None and not folder.exists()


def test_what_two_models_said_is_never_mixed(folder: Path) -> None:
    """The server was exchanged while it encoded."""
    models = iter([MODEL, OTHER])
    assert started(folder, Encoder(), lambda: next(models)).of(SAID) is not None
    assert not folder.exists()


def test_what_was_encoded_before_the_encoder_went_outlives_the_process(folder: Path) -> None:
    encoder = Encoder()

    def twice(texts: Sequence[str]) -> list[bytes] | None:
        return encoder(texts) if not encoder.asked else None

    assert Senses(twice, KeptSenses(folder, lambda: MODEL)).of(SAID) is None
    assert started(folder, encoder).of(SAID) is not None and encoder.asked == ["灯亮"]


def test_a_place_where_nothing_can_be_kept_costs_nothing_else(folder: Path) -> None:
    folder.write_text("a file, not a folder")
    assert started(folder, Encoder()).of(SAID) is not None


@contextmanager
def another_process(folder: Path) -> Iterator[None]:
    """Writes the same file over and over."""
    code = (
        "import sys, pathlib\n"
        "from core.knowledge.kept import KeptSenses, Told\n"
        f"kept = KeptSenses(pathlib.Path(sys.argv[1]), lambda: {MODEL!r})\n"
        "senses = {number.to_bytes(16, 'big'): bytes(1024) for number in range(500)}\n"
        "print('ready', flush=True)\n"
        f"while True: kept.write(Told({MODEL!r}, senses), senses)\n"
    )
    command = [sys.executable, "-c", code, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        yield
    finally:
        process.kill()
        process.communicate()


def test_two_processes_that_write_at_once_leave_whole_files(folder: Path) -> None:
    mine = {number.to_bytes(16, "big"): b"\1" * 1024 for number in range(500)}
    kept = KeptSenses(folder, lambda: MODEL)
    with another_process(folder):
        kept.write(Told(MODEL, mine), mine)
        for _ in range(100):
            senses = kept.read().senses  # a torn file would count as none
            assert len(senses) == 500 and len(set(senses.values())) == 1
            kept.write(Told(MODEL, mine), mine)
    assert [path.name for path in folder.iterdir() if path.suffix == ".senses"] == [f"{MODEL}.senses"]
