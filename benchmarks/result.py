"""One row of the benchmark table: our figure beside another of the same run."""

import json
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """``ratio`` is value / beside_value where there is something beside; ``goal`` is in words, ``ok`` its verdict.

    ``value`` is None where nothing could be measured; ``goal`` says why.
    """

    name: str
    value: float | None
    unit: str
    beside: str | None
    beside_value: float | None
    ratio: float | None
    goal: str
    ok: bool


def absolute(name: str, value: float, unit: str, *, most: float) -> Row:
    """A figure with a ceiling of its own."""
    return Row(name, round(value, 3), unit, None, None, None, f"≤ {most:g} {unit}", value <= most)


def beside(name: str, value: float, unit: str, other: str, other_value: float, *, most: float) -> Row:
    """A figure as a ratio to another that was measured in the same run."""
    ratio = value / other_value if other_value else float("inf")
    goal = f"≤ {most:g} ×"
    return Row(
        name, round(value, 3), unit, other, round(other_value, 3), round(ratio, 3), goal, ratio <= most
    )


def plain(name: str, value: float, unit: str) -> Row:
    """A figure without a goal, printed for the reader."""
    return Row(name, round(value, 3), unit, None, None, None, "—", True)


def failed(name: str, reason: str) -> Row:
    """A bench that could not be run to its end."""
    return Row(name, None, "", None, None, None, f"failed: {reason}", False)


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def write(rows: list[Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2), "utf-8")


def show(rows: list[Row]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("name", "value", "beside", "ratio", "goal", "ok")
    for row in rows:
        other = f"{row.beside}: {row.beside_value:g} {row.unit}" if row.beside else ""
        ratio = f"{row.ratio:g} ×" if row.ratio is not None else ""
        value = f"{row.value:g} {row.unit}" if row.value is not None else "—"
        table.add_row(row.name, value, other, ratio, escape(row.goal), "yes" if row.ok else "NO")
    Console(width=130).print(table)
