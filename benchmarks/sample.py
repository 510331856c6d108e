"""A part of the training sentences, the same at every run.

Rasa's default pipeline needs hours for all of them on two cores, and minutes for these.
"""

import hashlib
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from nlu.environment import PROJECT

SENTENCES = 500
LEAST = 5  # of each intent, symptom and side

Kind = tuple[Any, ...]


def write(folder: Path) -> str:
    """Write the sample as a Rasa project's ``data`` below ``folder``; returns the hash of its content."""
    target = folder / "data" / "nlu"
    target.mkdir(parents=True)
    shutil.copytree(PROJECT / "data" / "lookup", folder / "data" / "lookup")
    text = yaml.safe_dump({"version": "3.1", "nlu": _blocks()}, allow_unicode=True, sort_keys=True)
    (target / "sample.yml").write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _blocks() -> list[dict[str, Any]]:
    return [
        {
            "intent": intent,
            **({"metadata": {"symptom": symptom, "non_quality": side}} if symptom else {}),
            "examples": "".join(f"- {sentence}\n" for sentence in sentences),
        }
        for (intent, symptom, side), sentences in _sampled().items()
    ]


def _sampled() -> dict[Kind, list[str]]:
    """Of each kind its share, chosen by the hash of the sentence: a new sentence moves no other."""
    found = _all()
    share = SENTENCES / sum(map(len, found.values()))
    return {
        kind: sorted(sentences, key=lambda s: hashlib.sha256(s.encode()).digest())[
            : max(LEAST, round(share * len(sentences)))
        ]
        for kind, sentences in found.items()
    }


def _all() -> dict[Kind, list[str]]:
    found: dict[Kind, list[str]] = defaultdict(list)
    for path in sorted((PROJECT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            told = block.get("metadata", {})
            kind = block["intent"], told.get("symptom"), told.get("non_quality")
            found[kind] += [line[2:] for line in block["examples"].splitlines()]
    return dict(sorted(found.items(), key=lambda item: str(item[0])))
