"""Between characters and entities: what the random field sees, and the spans its tags mean."""

from typing import Dict, List

from .edges import trimmed
from .reading import Reading

# Shapes so plain that the random field may not overrule them.
_CERTAIN = ("phone", "ticket_no", "error_code", "model", "invoice_no")
_SURNAMES = set("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
                "方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文")
_PLACE = set("省市区县镇乡村路街巷道号栋幢楼单元室层座段组苑园城里弄庄")


def characters(reading: Reading) -> List[List[str]]:
    """One list of feature strings a character."""
    text = reading.norm.text
    known = _known(reading)
    base = [_plain(c) for c in text]
    return [_features(text, base, known, reading.pinyin, at) for at in range(len(text))]


def _known(reading: Reading) -> List[str]:
    """For each character the look-up or shape it belongs to, with B or I before it."""
    known = ["-"] * len(reading.norm.text)
    for hit in [*reading.shapes, *reading.words]:
        for at in range(hit.start, hit.end):
            known[at] = ("B" if at == hit.start else "I") + hit.kind.split("_")[0]
    for hit in reading.echoes:
        for at in range(hit.start, hit.end):
            if known[at] == "-":
                known[at] = ("B" if at == hit.start else "I") + "~" + hit.kind
    return known


def _plain(char: str) -> str:
    if char.isdigit():
        return "0"
    return "a" if char.isascii() and char.isalpha() else char


def _features(text, base, known, pinyin, at) -> List[str]:
    found = ["b", f"k0={known[at]}", f"c0={base[at]}", f"p0={pinyin[at]}" if "\u4e00" <= text[at] else f"r0={text[at]}"]
    for step in (-3, -2, -1, 1, 2, 3):
        there = at + step
        inside = 0 <= there < len(text)
        found.append(f"c{step}={base[there] if inside else '#'}")
        found.append(f"k{step}={known[there] if inside else '#'}")
    for low, high in ((-2, 0), (-1, 1), (0, 2), (-3, -1), (1, 3), (0, 3), (-3, 0)):
        found.append(f"g{low}{high}={''.join(base[max(at + low, 0):at + high + (high <= 0) * 1])}")
    if text[at] in _SURNAMES:
        found.append("surname")
    if text[at] in _PLACE:
        found.append("place")
    return found


def labels(reading: Reading, entities: List[dict]) -> List[str]:
    """The tag of every normalised character, from spans in the original text."""
    tags = []
    for offset in reading.norm.offsets:
        inside = next((e for e in entities if e["start"] <= offset < e["end"]), None)
        fresh = inside and (not tags or tags[-1][2:] != inside["entity"] or last is not inside)
        tags.append("O" if not inside else ("B-" if fresh else "I-") + inside["entity"])
        last = inside
    return tags


def spans(reading: Reading, tags: List[str], original: str) -> List[Dict]:
    """Entities with offsets into the original; plain shapes first, then what the field tagged."""
    tagged = [piece for run in _runs(tags) for piece in trimmed(reading.norm.text, *run)]
    found = [(h.start, h.end, h.kind) for h in reading.shapes if h.kind in _CERTAIN and not _numbered(h, tagged)]
    for start, end, kind in tagged:
        if not any(start < e and s < end for s, e, _ in found):
            found.append((start, end, kind))
    return [_entity(reading, original, *span) for span in sorted(found)]


def _numbered(shape, tagged) -> bool:
    """Whether what looks like a model was tagged as the number of a ticket or invoice."""
    return shape.kind == "model" and any(
        kind in ("ticket_no", "invoice_no") and start <= shape.start and shape.end <= end for start, end, kind in tagged)


def _runs(tags: List[str]):
    start, kind = None, ""
    for at, tag in enumerate([*tags, "O"]):
        if kind and (tag[0] in "BO" or tag[2:] != kind):
            yield start, at, kind
            kind = ""
        if tag != "O" and not kind:
            start, kind = at, tag[2:]


def _entity(reading: Reading, original: str, start: int, end: int, kind: str) -> Dict:
    first, last = reading.norm.original_span(start, end)
    while kind == "score" and last < len(original) and original[last] == original[last - 1] and not original[last].isalnum():
        last += 1  # the normaliser writes ⭐⭐⭐⭐ once
    return {"entity": kind, "value": original[first:last], "start": first, "end": last}
