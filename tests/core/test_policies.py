"""Warranty, fees and complaint routing: pure decisions at their edges."""

from datetime import date

import pytest

from core.knowledge.book import shipped_policies
from core.service.fees import estimate, yuan
from core.service.routing import route_complaint
from core.service.warranty import Covered, NotCovered, Unknown, add_months, decide, last_day, reason

POLICY = shipped_policies()


def decided(
    bought: date | None, today: date, *, precision: str = "day", category: str = "tv", told: str = ""
):  # type: ignore[no-untyped-def]
    return decide(
        category=category,
        purchase_date=bought,
        precision=precision,
        description=told,
        today=today,
        months=POLICY["warranty_months"],
        exclusions=POLICY["warranty_exclusions"],
    )


@pytest.mark.parametrize(
    ("bought", "precision", "until"),
    [
        (date(2025, 11, 23), "day", date(2026, 11, 23)),
        (date(2025, 11, 1), "month", date(2026, 11, 30)),
        (date(2025, 1, 1), "year", date(2026, 12, 31)),
        (date(2024, 2, 29), "day", date(2025, 2, 28)),
        (date(2024, 2, 1), "month", date(2025, 2, 28)),
    ],
)
def test_the_last_day_is_covered_and_the_next_is_not(bought: date, precision: str, until: date) -> None:
    assert decided(bought, until, precision=precision) == Covered(until=until)
    the_day_after = date.fromordinal(until.toordinal() + 1)
    assert decided(bought, the_day_after, precision=precision) == NotCovered(why="expired", until=until)


def test_each_category_has_its_own_months_and_the_unknown_the_usual() -> None:
    today = date(2030, 11, 23)
    assert decided(date(2024, 11, 23), today, category="air_conditioner").state == "in"
    assert decided(date(2024, 11, 22), today, category="air_conditioner").state == "out"
    assert decided(date(2029, 11, 23), today, category="unheard of").state == "in"


def test_no_date_is_unknown_and_damage_is_out_whatever_the_date() -> None:
    today = date(2026, 11, 23)
    assert decided(None, today) == Unknown()
    assert decided(today, today, told="被我摔了一下") == NotCovered(why="human_damage")
    assert decided(None, today, told="昨天打雷以后就坏了") == NotCovered(why="force_majeure")
    assert reason(decided(today, today)) == {"why": "covered", "until": "2027-11-23"}
    assert reason(Unknown()) == {"why": "no_date", "until": None}


def test_months_end_where_the_month_ends() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert last_day(date(2026, 12, 1), "month") == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("category", "symptom", "price"),
    [
        ("tv", "screen_damage", 935.0),  # (50 + 800) + 10 %
        ("tv", "noise", 220.0),
        ("air_conditioner", "no_cooling", 275.0),
        (None, None, 165.0),
        ("unheard of", "other", 165.0),
    ],
)
def test_price_is_cost_and_ten_percent(category: str | None, symptom: str | None, price: float) -> None:
    markup = POLICY["price_markup_percent"]
    cost = estimate(category=category, symptom=symptom, price_list=POLICY["price_list"], markup=markup)
    assert cost.price == price and cost.price == round((cost.visit + cost.repair) * 1.1, 2)


def test_yuan_without_idle_decimals() -> None:
    assert [yuan(amount) for amount in (100, 99.5, 0, 12.345)] == ["100", "99.5", "0", "12.35"]


@pytest.mark.parametrize(
    ("text", "kind", "department"),
    [
        ("质量太差，老坏", "quality", "manufacturer_quality"),
        ("快递包装破损", "logistics", "warehouse_logistics"),
        ("乱收费，要退款", "charges", "finance"),
        ("师傅态度恶劣还迟到", "attitude", "after_sales"),
        ("我很生气", "attitude", "after_sales"),
    ],
)
def test_a_complaint_goes_where_its_words_point(text: str, kind: str, department: str) -> None:
    assert route_complaint(text, POLICY["complaint_routes"]) == (kind, department)


def test_every_name_is_text() -> None:
    """YAML 1.1 reads off, on, yes and no as truth: a key of that name would be nobody's."""

    def names(value: object) -> list[object]:
        if isinstance(value, list):
            return [name for item in value for name in names(item)]
        return (
            [*value, *(n for item in value.values() for n in names(item))] if isinstance(value, dict) else []
        )

    assert [name for name in names(shipped_policies()) if not isinstance(name, str)] == []
