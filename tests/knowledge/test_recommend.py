"""The first article of a fault (H2)."""

import pytest

from core.knowledge.model import Article
from core.knowledge.recommend import Fault, best, first_best


def article(slug: str, **fields: object) -> Article:
    empty: dict[str, object] = {"symptoms": [], "error_codes": [], "brands": [], "models": []}
    return Article(slug=slug, **(empty | fields))


COOLING = article("cooling", symptoms=["no_cooling"])
ALSO_COOLING = article("also", symptoms=["noise", "no_cooling"])
GREE_H1 = article("h1", symptoms=["error_code"], error_codes=["H1"], brands=["格力"])
ANY_CODE = article("code", symptoms=["error_code"])
FOR_MODEL = article("model", symptoms=["no_cooling"], models=["KFR-35"])


@pytest.mark.parametrize(
    ("fault", "slug"),
    [
        (Fault("no_cooling"), "cooling"),
        (Fault("noise"), "also"),
        (Fault("error_code", "h1", "格力"), "h1"),
        (Fault("error_code", "H1", "美的"), "code"),
        (Fault("error_code", "E5", "格力"), "code"),
        (Fault("no_cooling", model="kfr-35gw"), "model"),
        (Fault("screen_damage"), None),
    ],
)
def test_the_closest_fit_is_first(fault: Fault, slug: str | None) -> None:
    found = best([ALSO_COOLING, COOLING, GREE_H1, ANY_CODE, FOR_MODEL], fault)
    assert (found.slug if found else None) == slug


def test_pinned_comes_before_fit_and_success_decides_between_equals() -> None:
    tried = article("tried", symptoms=["no_cooling"], offered=10, solved=9)
    assert best([COOLING, tried], Fault("no_cooling")) is tried
    pinned = article("pinned", symptoms=["no_cooling"], pinned=True)
    assert best([FOR_MODEL, pinned, tried], Fault("no_cooling", model="KFR-35")) is pinned


def test_what_is_nearly_as_likely_is_offered_only_where_nothing_else_fits() -> None:
    sound, picture = article("sound", symptoms=["no_sound"]), article("picture", symptoms=["no_display"])
    found = first_best([sound, picture], Fault("other"), ["no_display", "no_sound"])
    assert found is picture
    assert first_best([sound, picture], Fault("no_sound"), ["no_display"]) is sound
    assert first_best([sound], Fault("other"), []) is None
