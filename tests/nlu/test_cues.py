"""Wordings that hold whatever the model made of them."""

import pytest

from core.dialogue.cues import settle
from core.dialogue.meaning import Meaning


@pytest.mark.parametrize("text", ["跳过", "先跳过吧", "跳过这一项", "略过。"])
def test_what_is_skipped_is_no_tripped_breaker(text: str) -> None:
    told = settle(Meaning(text, "report_fault", 0.9, symptom="trips_breaker", non_quality=False))
    assert (told.intent, told.symptom, told.non_quality) == ("provide_info", None, None)


def test_a_tripped_breaker_stays_one() -> None:
    told = settle(Meaning("一开就跳闸", "report_fault", 0.9, symptom="trips_breaker"))
    assert (told.intent, told.symptom) == ("report_fault", "trips_breaker")
