"""Labelled sentences as Rasa training data; marks of masked data become names and numbers that are nobody's."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from nlu.keyword_entities import find_entities
from nlu.rasa.language.normalise import normalise

_MARK = re.compile(r"〔([a-z_]+)〕")
_NOBODY = {
    "phone": "13800138000",
    "address": "成都市武侯区人民南路四段11号",
    "person": "王伟",
    "invoice_no": "1100223130",
    "ticket_no": "2611220001",
}
# Found by table without a doubt; everything else is for the person who adds the file to mark.
_MARKED = ("brand", "product")


def rasa_yaml(examples: Iterable[tuple[str, dict[str, Any]]]) -> str:
    """One document with a block for each label, in order of first appearance; no sentence twice."""
    blocks: dict[tuple[str, str | None, bool | None], list[str]] = defaultdict(list)
    for text, label in examples:
        line = _line(text)
        key = (label["intent"], label.get("symptom"), label.get("non_quality"))
        if line and line not in blocks[key]:
            blocks[key].append(line)
    written = "".join(_block(*key, lines) for key, lines in blocks.items() if lines)
    return 'version: "3.1"\nnlu:\n' + written if written else 'version: "3.1"\nnlu: []\n'


def _block(intent: str, symptom: str | None, non_quality: bool | None, lines: list[str]) -> str:
    about = (
        f"  metadata:\n    symptom: {symptom}\n    non_quality: {str(bool(non_quality)).lower()}\n"
        if symptom
        else ""
    )
    return f"\n- intent: {intent}\n{about}  examples: |\n" + "".join(f"    - {line}\n" for line in lines)


def _line(text: str) -> str:
    """The sentence on one line with its entities marked; brackets of its own would be read as marks."""
    plain = re.sub(r"[\[\]{}]|\s+", " ", text).strip()
    pieces = re.split(_MARK, plain)
    return "".join(
        f"[{_NOBODY[piece]}]({piece})" if odd and piece in _NOBODY else _known(piece)
        for odd, piece in ((index % 2, piece) for index, piece in enumerate(pieces))
    )


def _known(piece: str) -> str:
    for found in reversed(find_entities(normalise(piece), piece)):
        entity = found.entity
        if entity.type in _MARKED:
            piece = f"{piece[: entity.start]}[{entity.value}]({entity.type}){piece[entity.end :]}"
    return piece
