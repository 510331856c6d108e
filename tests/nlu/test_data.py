"""The training data and the held-out sentences are legal, distinct, and apart from each other."""

import json
import re
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path

import yaml

from core.categories import CATEGORIES
from core.dialogue.meaning import ENTITY_TYPES, INTENTS, SYMPTOMS
from nlu import lookups
from nlu.environment import PROJECT

FAULTS = ("report_fault", "emergency")
MARK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
TESTSET = PROJECT.parent / "testset"


@lru_cache(maxsize=1)
def training() -> list[tuple[str, dict, str]]:
    """(intent, metadata, sentence with its marks) of every example."""
    found = []
    for path in sorted((PROJECT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = [line[2:] for line in block["examples"].splitlines()]
            found += [(block["intent"], block.get("metadata", {}), line) for line in lines]
    return found


@lru_cache(maxsize=1)
def gold_files() -> dict[str, list[dict]]:
    """Every test set by its name."""
    return {
        path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted(TESTSET.glob("*.jsonl"))
    }


def held_out() -> list[dict]:
    """Every gold sentence with labels; those of ``self_help`` name an article instead."""
    return [gold for name, found in gold_files().items() if name != "self_help" for gold in found]


def plain(sentence: str) -> str:
    return MARK.sub(r"\1", sentence)


def test_labels_are_legal() -> None:
    for intent, metadata, sentence in training():
        assert intent in INTENTS, sentence
        assert (metadata.get("symptom") in SYMPTOMS) == (intent in FAULTS), sentence
        assert (metadata.get("non_quality") in (True, False)) == (intent in FAULTS), sentence
        assert not (intent == "emergency" and metadata["non_quality"]), sentence
        assert all(kind in ENTITY_TYPES for _, kind in MARK.findall(sentence)), sentence


def test_no_sentence_twice_so_no_two_labels() -> None:
    seen: dict[str, str] = {}
    for intent, _, sentence in training():
        assert plain(sentence) not in seen, (sentence, intent, seen[plain(sentence)])
        seen[plain(sentence)] = intent


def test_there_is_enough_of_everything() -> None:
    intents = [intent for intent, _, _ in training()]
    assert len(intents) >= 6000 and intents.count("out_of_scope") >= 500
    assert all(intents.count(intent) >= 50 for intent in INTENTS)
    symptoms = [metadata.get("symptom") for _, metadata, _ in training()]
    assert all(symptoms.count(symptom) >= 40 for symptom in SYMPTOMS)
    kinds = [kind for _, _, sentence in training() for _, kind in MARK.findall(sentence)]
    assert all(kinds.count(kind) >= 15 for kind in ENTITY_TYPES)


# What can befall what; a rice cooker with a flickering picture would be no sensible pair.
EVERYWHERE = "tv air_conditioner refrigerator washing_machine water_heater display printer computer network therapy_device water_treatment"
SENSIBLE = {
    "no_power": EVERYWHERE,
    "no_display": EVERYWHERE,
    "no_sound": "tv washing_machine display computer network therapy_device",
    "no_cooling": "air_conditioner refrigerator water_treatment",
    "no_heating": "air_conditioner washing_machine water_heater therapy_device water_treatment",
    "water_leak": "air_conditioner refrigerator washing_machine water_heater therapy_device water_treatment",
    "noise": EVERYWHERE,
    "smell": EVERYWHERE,
    "remote_unresponsive": "tv air_conditioner display network therapy_device",
    "no_signal_or_network": EVERYWHERE,
    "error_code": EVERYWHERE,
    "weak_airflow": "air_conditioner washing_machine display",
    "wont_start_cycle": "washing_machine display printer therapy_device",
    "trips_breaker": EVERYWHERE,
    "screen_damage": "tv refrigerator water_heater display printer computer therapy_device water_treatment",
    "image_abnormal": "tv display printer computer network",
    "overheating": EVERYWHERE,
    "slow_or_freeze": "tv display printer computer network therapy_device",
    "consumable_or_filter": "air_conditioner washing_machine water_heater display printer therapy_device water_treatment",
    "setting_or_mode": EVERYWHERE,
    "door_or_mechanical": "tv air_conditioner refrigerator washing_machine water_heater display printer computer therapy_device water_treatment",
    "water_flow": "refrigerator washing_machine water_heater therapy_device water_treatment",
    "electric_shock": EVERYWHERE,
    "fire_smoke": EVERYWHERE,
    "gas_smell": "water_heater",
    "other": EVERYWHERE,
}


def test_every_sensible_category_and_symptom_has_examples() -> None:
    assert list(SENSIBLE) == list(SYMPTOMS)
    category = lookups.products()
    told = Counter(
        (category.get(word), metadata.get("symptom"))
        for intent, metadata, sentence in training()
        if intent in FAULTS
        for word, kind in MARK.findall(sentence)
        if kind == "product"
    )
    pairs = [(place, symptom) for symptom, places in SENSIBLE.items() for place in places.split()]
    assert {pair: told[pair] for pair in pairs if told[pair] < 3} == {}


def test_domain_names_the_contract() -> None:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    assert domain["intents"] == list(INTENTS) and domain["entities"] == list(ENTITY_TYPES)


def test_lookups_are_those_of_the_reference_tables() -> None:
    for name, text in lookups.rendered().items():
        assert (lookups.LOOKUPS / name).read_text(encoding="utf-8") == text, "run python -m nlu.lookups"
    assert set(lookups.products().values()) == set(CATEGORIES)


def test_gold_sentences_are_legal() -> None:
    assert len(held_out()) >= 800
    for gold in held_out():
        assert gold["intent"] in INTENTS
        assert (
            (gold["symptom"] in SYMPTOMS) == (gold["intent"] in FAULTS) == (gold["non_quality"] is not None)
        ), gold
        assert all(gold["text"][e["start"] : e["end"]] == e["value"] for e in gold["entities"]), gold
        assert all(e["type"] in ENTITY_TYPES for e in gold["entities"]), gold


def trigrams(text: str) -> set[str]:
    """Character 3-grams, with one mark at either end so that short texts have some."""
    marked = f"^{text}$"
    return {marked[i : i + 3] for i in range(len(marked) - 2)}


def test_held_out_sentences_are_worded_apart() -> None:
    known = [(plain(sentence), trigrams(plain(sentence))) for _, _, sentence in training()]
    holding = defaultdict(list)
    for row, (_, grams) in enumerate(known):
        for gram in grams:
            holding[gram].append(row)
    close = []
    for text in (gold["text"] for found in gold_files().values() for gold in found):
        grams = trigrams(text)
        for row, shared in Counter(row for gram in grams for row in holding[gram]).items():
            if shared / len(grams | known[row][1]) >= 0.6:
                close.append((text, known[row][0]))
    assert close == []


def test_no_machine_path_or_registry_in_the_lock() -> None:
    lock = Path(PROJECT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|file:|--index|--find-links", lock) and "tensorflow==" not in lock
