"""What the entities of a sentence become: numbers that can be dialled, dates with a precision, places, scores."""

from datetime import date
from typing import Any

import pytest

from core.dialogue.facts import read
from core.dialogue.meaning import Meaning
from core.dialogue.score import score_of
from core.service.regions import locate
from nlu.keywords import understand

TODAY = date(2026, 11, 23)


def slots(text: str) -> dict[str, Any]:
    meaning: Meaning = understand(text)
    return read(meaning, today=TODAY).slots


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("电话13800138000", "+8613800138000"),
        ("电话幺三八零零幺三八零零零", "+8613800138000"),
        ("138 0013 8000 打这个", "+8613800138000"),
        ("手机１３８００１３８０００", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("座机028-85551234", "+862885551234"),
    ],
)
def test_phones_are_e164(text: str, number: str) -> None:
    assert slots(text)["phone"] == number


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2024年5月3日买的", "2024-05-03", "day"),
        ("去年三月买的", "2025-03-01", "month"),
        ("买了两年了", "2024", "year"),
        ("前年买的", "2024", "year"),
    ],
)
def test_purchase_dates_have_a_precision(text: str, day: str, precision: str) -> None:
    found = slots(text)
    assert found["purchase_date"].startswith(day) and found["purchase_precision"] == precision


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("住成都市武侯区人民南路四段11号", "510107"),
        ("地址是四川省绵阳市涪城区临园路8号", "510703"),
        ("我家在成都金牛区一环路北三段1号", "510106"),
    ],
)
def test_addresses_are_located_down_to_the_county(text: str, code: str) -> None:
    region = locate(slots(text)["address"])
    assert region is not None and region.code == code


@pytest.mark.parametrize("text", ["型号kfr-35gw", "型号是KFR-35GW", "型号：ＫＦＲ-35GW"])
def test_models_are_upper_case(text: str) -> None:
    assert slots(text)["model"] == "KFR-35GW"


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("五分", 5),
        ("满分", 5),
        ("很满意", 5),
        ("3分", 3),
        ("一分都不想给", 1),
        ("不满意", None),
        ("给个四星", 4),
    ],
)
def test_scores_are_one_to_five(text: str, score: int | None) -> None:
    found = score_of(text)
    assert found == score if score else found is None or found <= 2
