"""The plans of this release, and those of the database over them."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import structlog
import yaml
from sqlalchemy import inspect

from core.programme.model import FollowUpPlan
from core.programme.plan import BadPlan, Plan

_FILE = Path(__file__).parent.parent / "reference" / "plans.yaml"
_log = structlog.get_logger()


@cache
def shipped_rows() -> tuple[dict[str, Any], ...]:
    """The plans as the file has them."""
    return tuple(yaml.safe_load(_FILE.read_text("utf-8")))


@cache
def shipped_plans() -> dict[str, Plan]:
    return {row["name"]: Plan.of(row) for row in shipped_rows()}


def columns(row: FollowUpPlan) -> dict[str, Any]:
    """A row as the shipped plans are written."""
    return {column.key: getattr(row, column.key) for column in inspect(FollowUpPlan).mapper.column_attrs}


def plans_of(rows: Iterable[FollowUpPlan]) -> dict[str, Plan]:
    """Shipped plans with what the database says of them, and the house's own after them."""
    plans = dict(shipped_plans())
    for row in rows:
        try:
            plans[row.name] = Plan.of(columns(row))
        except BadPlan as error:  # stored by another version: the rest of the programme goes on
            _log.warning("a plan cannot be read", plan=row.name, why=error.why)
    return plans
