"""Which sentences are kept apart when confidence is calibrated: stretches of each file, as one sitting wrote them."""

import re
from pathlib import Path
from typing import Dict
from zlib import crc32

FOLDS = 4
_DATA = Path(__file__).parents[1] / "data" / "nlu"
_MARK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def folds() -> Dict[str, int]:
    """Sentence → fold; neighbours in a file are of one mind, so they share one."""
    found: Dict[str, int] = {}
    for path in sorted(_DATA.rglob("*.yml")):
        lines = [line.strip()[2:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("    - ")]
        for place, line in enumerate(lines):
            found.setdefault(_MARK.sub(r"\1", line), FOLDS * place // len(lines))
    return found


def fold_of(text: str, known: Dict[str, int]) -> int:
    """The fold of a sentence, also of one that stands in no file."""
    return known.get(text, crc32(text.encode()) % FOLDS)
