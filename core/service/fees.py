"""What an out-of-warranty repair costs: cost plus the house's mark-up (B3)."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """Yuan; ``delay_days`` is the expected wait."""

    visit: float
    repair: float
    price: float
    delay_days: int


def estimate(
    *, category: str | None, symptom: str | None, price_list: dict[str, Any], markup: float
) -> Estimate:
    """The expected price of a repair from the price list; ``markup`` in percent on the cost."""
    row = {**price_list["default"], **price_list.get(category or "", {})}
    visit, repair = float(row["visit"]), float(row.get(symptom or "", row["repair"]))
    price = round((visit + repair) * (1 + markup / 100), 2)
    return Estimate(visit=visit, repair=repair, price=price, delay_days=int(row["delay_days"]))


def yuan(amount: float) -> str:
    """An amount as people write it: no decimals where there are none."""
    return f"{amount:.2f}".rstrip("0").rstrip(".")
