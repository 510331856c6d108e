"""How well sentences are understood: pure functions over gold labels and answers of the same shape."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

Sentence = dict[str, Any]
GOALS = {
    "intent accuracy": "",
    "intent macro F1": ">= 0.95",
    "emergency recall": ">= 0.99",
    "non-emergencies raised": "<= 0.005",
    "entity micro F1": ">= 0.92",
    "symptom accuracy": ">= 0.92",
    "non_quality accuracy": ">= 0.90",
    "out_of_scope recall": ">= 0.90",
    "in-scope wrongly rejected": "<= 0.03",
    "expected calibration error": "<= 0.05",
    "self-help, right article first": ">= 0.90",
}


def figures(gold: Sequence[Sentence], found: Sequence[Sentence]) -> dict[str, float]:
    """Every figure of GOALS, in that order; shares of nothing are 0. Self-help only where sentences name an article."""
    pairs = list(zip(gold, found, strict=True))
    truth, said = [g["intent"] for g in gold], [f["intent"] for f in found]
    faults = [(g, f) for g, f in pairs if g["intent"] in ("report_fault", "emergency")]
    reports = [(g, f) for g, f in pairs if g["intent"] == "report_fault"]
    values = (
        _share(a == b for a, b in zip(truth, said, strict=True)),
        macro_f1(truth, said),
        _share(b == "emergency" for a, b in zip(truth, said, strict=True) if a == "emergency"),
        _share(b == "emergency" for a, b in zip(truth, said, strict=True) if a != "emergency"),
        entity_f1(gold, found),
        _share(g["symptom"] == f["symptom"] for g, f in faults),
        _share(g["non_quality"] == f["non_quality"] for g, f in reports),
        _share(b == "out_of_scope" for a, b in zip(truth, said, strict=True) if a == "out_of_scope"),
        _share(b == "out_of_scope" for a, b in zip(truth, said, strict=True) if a != "out_of_scope"),
        calibration_error([(f["confidence"], g["intent"] == f["intent"]) for g, f in pairs]),
    )
    helped = [g["article"] == f.get("article") for g, f in pairs if "article" in g]
    return dict(zip(GOALS, (*values, _share(helped)) if helped else values, strict=False))


def reached(name: str, value: float) -> bool:
    """Whether a figure keeps its goal; one without a goal always does."""
    sign, _, bound = GOALS[name].partition(" ")
    return not bound or (value >= float(bound) if sign == ">=" else value <= float(bound))


def macro_f1(truth: Sequence[str], said: Sequence[str]) -> float:
    """The mean F1 of the labels that occur in the truth."""
    right = Counter(a for a, b in zip(truth, said, strict=True) if a == b)
    true, given = Counter(truth), Counter(said)
    return sum(2 * right[label] / (true[label] + given[label]) for label in true) / max(len(true), 1)


def entity_f1(gold: Sequence[Sentence], found: Sequence[Sentence]) -> float:
    """Micro F1 over (type, start, end)."""
    truth = {(i, e["type"], e["start"], e["end"]) for i, g in enumerate(gold) for e in g["entities"]}
    said = {(i, e["type"], e["start"], e["end"]) for i, f in enumerate(found) for e in f["entities"]}
    return 2 * len(truth & said) / max(len(truth) + len(said), 1)


def calibration_error(answers: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error over ``bins`` equal bins of confidence."""
    error = 0.0
    for number in range(bins):
        inside = [(c, ok) for c, ok in answers if min(int(c * bins), bins - 1) == number]
        error += abs(sum(c for c, _ in inside) - sum(ok for _, ok in inside))
    return error / max(len(answers), 1)


def mistakes(gold: Sequence[Sentence], found: Sequence[Sentence]) -> Iterator[str]:
    """A line for every sentence that is not fully understood, saying what is wrong."""
    for g, f in zip(gold, found, strict=True):
        wrong = [
            f"{k}: {g[k]} != {f[k]} ({f['confidence']})"
            for k in ("intent", "symptom", "non_quality")
            if g[k] != f[k] and (k == "intent" or g["intent"] == f["intent"])
        ]
        if g.get("article") != f.get("article"):
            wrong.append(f"article: {g.get('article')} != {f.get('article')}")
        truth, said = ({(e["type"], e["value"]) for e in s["entities"]} for s in (g, f))
        wrong += [f"missed {sorted(truth - said)}"] * bool(truth - said)
        wrong += [f"invented {sorted(said - truth)}"] * bool(said - truth)
        if wrong:
            yield f"{g['text']}  ←  {'; '.join(wrong)}"


def _share(outcomes: Any) -> float:
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else 0.0
