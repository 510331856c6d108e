"""Understanding: ours beside Rasa's default Chinese pipeline, on the same sentences, in the same run."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from benchmarks.model_server import TOKEN, Served, model_server
from benchmarks.parses import keywords, parses_a_second, two_processes
from benchmarks.peer import Pipeline, trained
from benchmarks.result import Row
from benchmarks.sample import SENTENCES
from core.dialogue.meaning import INTENTS
from nlu.environment import PROJECT, child_variables
from nlu.evaluation import GOALS, Sentence, figures, reached
from nlu.self_help import with_articles
from nlu.training import ensure_model, seconds_of_training

TESTSET = PROJECT.parent / "testset"
SAMPLE = 400
NAME = "Rasa default"
SAME = f"on the same sentences (about {SENTENCES:,})"
HELP = "self-help, right article first"
# The default pipeline has no answer to these.
OURS_ALONE = ("symptom accuracy", "non_quality accuracy", HELP)
# Less is better; everything else is better when there is more of it.
LESS = ("non-emergencies raised", "in-scope wrongly rejected", "expected calibration error")


def run() -> list[Row]:
    """The whole model with its goals, and both pipelines trained alike on a part of the data that fits the time."""
    archive = ensure_model()
    mine, default = trained()
    with (
        model_server(archive, child_variables()) as ours,
        model_server(default.archive, default.variables) as other,
    ):
        rows = _limits(seconds_of_training(archive), ours, other)
    with (
        model_server(mine.archive, mine.variables) as ours,
        model_server(default.archive, default.variables) as other,
    ):
        return rows + _side_by_side((mine, ours), (default, other))


def gold_sets() -> dict[str, list[Sentence]]:
    """Every labelled test set by its name."""
    return {
        path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        for path in sorted(TESTSET.glob("*.jsonl"))
    }


def _limits(seconds: float, ours: Served, other: Served) -> list[Row]:
    """Speed, size and accuracy of what is delivered."""
    texts = [g["text"] for found in gold_sets().values() for g in found]
    sample = texts[:: max(1, len(texts) // SAMPLE)]
    rows = [
        _beside("parses a second, one process", parses_a_second(sample, ours, other), "/s", 4.0),
        _limit("training on everything", seconds, "s", 180),
        _limit("server ready", ours.ready, "s", 15, other.ready),
        _limit("memory of the model server", ours.memory(), "MB", 700, other.memory()),
        two_processes(sample),
        keywords(sample),
    ]
    for name, gold in gold_sets().items():
        rows += _accuracy(name, gold, ours)
    return rows


def _side_by_side(mine: tuple[Pipeline, Served], default: tuple[Pipeline, Served]) -> list[Row]:
    """Ours must be better on every measure that the default pipeline has."""
    rows = [
        Row(f"training {SAME}", mine[0].seconds, "s", NAME, default[0].seconds,
            round(mine[0].seconds / default[0].seconds, 3), "less", mine[0].seconds < default[0].seconds)
    ]  # fmt: skip
    gold = [g for name, found in gold_sets().items() if name != "self_help" for g in found]
    texts = [g["text"] for g in gold]
    found = figures(gold, _answers(texts, mine[1]))
    beside = figures(gold, [_default(text, default[1].url) for text in texts])
    return rows + [
        _better(name, found[name], beside[name])
        for name in found
        if name in beside and name not in OURS_ALONE
    ]


def _better(measure: str, value: float, beside: float) -> Row:
    ok = value <= beside if measure in LESS else value >= beside
    ratio = round(value / beside, 3) if beside else None
    goal = "less" if measure in LESS else "more"
    return Row(f"{measure}, {SAME}", round(value, 4), "", NAME, round(beside, 4), ratio, goal, ok)


def _accuracy(name: str, gold: list[Sentence], ours: Served) -> list[Row]:
    """Every measure on one gold set. Ours is what the product answers: rules, then model."""
    mine = figures(gold, with_articles(gold, _answers([g["text"] for g in gold], ours)))
    if HELP in mine:  # faults only: the other measures would say little
        return [_measure(HELP, HELP, mine[HELP])]
    return [_measure(f"{name}: {m}", m, value) for m, value in mine.items() if GOALS[m]]


def _measure(label: str, measure: str, value: float) -> Row:
    goal = GOALS[measure].replace(">=", "≥").replace("<=", "≤")
    return Row(label, round(value, 4), "", None, None, None, goal, reached(measure, value))


def _answers(texts: list[str], server: Served) -> list[Sentence]:
    from nlu.batch import parse_texts
    from nlu.client import NluClient

    return list(parse_texts(texts, NluClient(server.url, TOKEN, 10)))


def _default(text: str, url: str) -> Sentence:
    """The default pipeline's answer in our shape; its fallback is our out_of_scope."""
    asked: Callable[..., Any] = httpx.post
    answer = asked(
        f"{url}/model/parse?token={TOKEN}", json={"text": text}, trust_env=False, timeout=60
    ).json()
    name = answer["intent"]["name"]
    entities = [
        {"type": e["entity"], "value": text[e["start"] : e["end"]], "start": e["start"], "end": e["end"]}
        for e in answer["entities"]
    ]
    return {
        "text": text,
        "intent": name if name in INTENTS else "out_of_scope",
        "confidence": min(answer["intent"]["confidence"], 1.0),
        "entities": entities,
        "symptom": None,
        "non_quality": None,
    }


def _beside(name: str, speeds: list[float], unit: str, least: float) -> Row:
    ours, other = speeds
    ratio = ours / other
    return Row(
        name, round(ours, 1), unit, NAME, round(other, 1), round(ratio, 2), f"≥ {least:g} ×", ratio >= least
    )


def _limit(name: str, value: float, unit: str, most: float, other: float | None = None) -> Row:
    ratio = round(value / other, 3) if other else None
    beside = NAME if other else None
    return Row(
        name,
        round(value, 1),
        unit,
        beside,
        other and round(other, 1),
        ratio,
        f"≤ {most:g} {unit}",
        value <= most,
    )
