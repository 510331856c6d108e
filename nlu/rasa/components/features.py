"""The features of a text for the linear heads: character, sound and concept n-grams."""

import re
from typing import Dict, List

from .reading import Reading
from .sounds import as_syllables

# Each block is scaled on its own; found by keeping out one writer at a time (concepts at 1.2 cost points: they are our words, not customers').
BLOCKS = {"char": 1.0, "sound": 0.6, "idea": 0.3, "shape": 0.2, "word": 0.4}
_MARK = {"brand": "Ⓑ", "part": "Ⓒ", "phone": "☎", "ticket_no": "№", "invoice_no": "Ⓘ", "date": "Ⓓ",
         "time": "Ⓣ", "error_code": "Ⓔ", "model": "Ⓜ", "score": "Ⓢ", "number": "0"}
_PAUSE = str.maketrans({"。": ",", "、": ",", ";": ",", ":": ",", " ": ",", "…": ",", "~": ","})


def features(reading: Reading) -> Dict[str, List[str]]:
    """Feature strings by block."""
    masked, sounds = _masked(reading)
    ideas = [hit.kind for hit in reading.concepts] + [h.kind for h in reading.words]
    return {
        "char": _grams("^" + masked + "$", 1, 4),
        "sound": _joined(["^", *_spelled(sounds), "$"], 2, 3),
        "idea": _ideas(reading, ideas),
        "shape": _shape(masked),
        "word": _joined(["<", *reading.tokens, ">"], 1, 2, "=") + _latin(reading.norm.text),
    }


def _masked(reading: Reading):
    """The text with names and numbers put as marks, and its syllables likewise."""
    text, hits = reading.norm.text, {}
    for hit in [*reading.words, *reading.shapes]:
        if not any(at in hits for at in range(hit.start, hit.end)) and hit.kind not in ("part", "time"):
            hits.update(dict.fromkeys(range(hit.start, hit.end)))
            hits[hit.start] = "Ⓟ" if hit.kind.startswith("product") else _MARK[hit.kind]
    chars = [(hits.get(at, c), hits.get(at, reading.pinyin[at])) for at, c in enumerate(text)]
    kept = [(c, s) for c, s in chars if c]
    return "".join(c for c, _ in kept).translate(_PAUSE), [s for _, s in kept]


def _grams(text: str, low: int, high: int) -> List[str]:
    return [text[i:i + n] for n in range(low, high + 1) for i in range(len(text) - n + 1)]


def _joined(items: List[str], low: int, high: int, mark: str = "|") -> List[str]:
    return [mark + " ".join(items[i:i + n]) for n in range(low, high + 1) for i in range(len(items) - n + 1)]


def _latin(text: str) -> List[str]:
    """English words, alone and in pairs."""
    return _joined(re.findall("[a-z]{2,}", text), 1, 2, "=")


def _spelled(sounds: List[str]) -> List[str]:
    """The sounds with pinyin that was typed in letters read as the syllables it stands for."""
    joined, run = [], ""
    for sound in [*sounds, "$"]:
        if len(sound) == 1 and "a" <= sound <= "z":
            run += sound
            continue
        if run:
            joined += as_syllables(run) or list(run)
        joined += [sound] if sound != " " or not run else []
        run = ""
    return joined[:-1]


def _ideas(reading: Reading, kinds: List[str]) -> List[str]:
    """Concepts alone, in pairs as they follow each other, and symptom concepts with the product."""
    order = [hit.kind for hit in sorted([*reading.concepts, *reading.words])]
    pairs = [f"*{a}>{b}" for a, b in zip(order, order[1:])]
    products = {k for k in kinds if k.startswith("product")} or {"product_none"}
    crossed = [f"*{p}+{k}" for p in products for k in set(kinds) if k.startswith("s_")]
    shapes = ["*#" + hit.kind for hit in reading.shapes]
    return ["*" + k for k in set(kinds)] + pairs + crossed + shapes + _last(order)


def _last(order: List[str]) -> List[str]:
    return [f"*last:{order[-1]}", f"*first:{order[0]}"] if order else ["*none"]


def _shape(masked: str) -> List[str]:
    """How long, how many clauses, which script."""
    size = next(n for n in (1, 2, 3, 4, 6, 8, 12, 16, 24, 40, 80, 10**9) if len(masked) <= n)
    han = sum("\u4e00" <= c <= "\u9fff" for c in masked)
    asks = ["~asks"] if "?" in masked else []
    return [f"~len{size}", f"~clauses{min(masked.count(','), 6)}", f"~han{10 * han // max(len(masked), 1)}", *asks]
