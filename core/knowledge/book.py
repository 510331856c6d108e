"""The house's book: wording, policies, follow-up plans and word lists, read once and refreshed when somebody edits them."""

import csv
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Database
from core.knowledge.model import ReferenceVersion, Wording
from core.programme.model import FollowUpPlan
from core.programme.plan import Plan
from core.programme.shipped import plans_of, shipped_plans
from core.service.model import Policy

REFERENCE = Path(__file__).parent.parent / "reference"
LANGUAGES = ("zh", "en")
_FRESH_SECONDS = 2.0
_MARGIN = 0.1  # seconds; longer than any step takes to work out
# libyaml reads the same ten times faster where it is built in; both are the safe loader.
YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def shipped_wording() -> dict[str, dict[str, str]]:
    """language → key → text, as shipped."""
    return {
        language: yaml.load(
            (REFERENCE / "wording" / f"{language}.yaml").read_text("utf-8"), Loader=YAML_LOADER
        )
        for language in LANGUAGES
    }


@cache
def shipped_policies() -> dict[str, Any]:
    """What a policy is until staff edit it; shared, so never to be changed in place."""
    policies: dict[str, Any] = yaml.load((REFERENCE / "policies.yaml").read_text("utf-8"), Loader=YAML_LOADER)
    return policies


@cache
def table(name: str) -> list[dict[str, str]]:
    """The rows of one CSV file under ``core/reference``."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _completed(value: Any, shipped: Any) -> Any:
    """A policy that was stored by an earlier version has the fields that came later.

    In a table of equal lines, such as ``sla``, each line has them too. Nothing deeper is filled in: who empties a list of
    names means it.
    """
    if not (isinstance(value, dict) and isinstance(shipped, dict)):
        return value
    lines = value.items() if _is_table(shipped) else ()
    return {**shipped, **value, **{name: _line(line, shipped.get(name)) for name, line in lines}}


def _is_table(shipped: dict[str, Any]) -> bool:
    lines = [line for line in shipped.values() if isinstance(line, dict)]
    return len(lines) == len(shipped) > 1 and all(line.keys() == lines[0].keys() for line in lines)


def _line(line: Any, shipped: Any) -> Any:
    return {**shipped, **line} if isinstance(line, dict) and isinstance(shipped, dict) else line


class Book:
    """Answers from memory; looks at the version row at most every two seconds, so edits need no restart."""

    def __init__(self, database: Database | None = None) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._wording = shipped_wording()
        self._policies = shipped_policies()
        self._plans = shipped_plans()
        self._version = -1
        self._checked = 0.0
        self._asked = False  # whether the first look has ended, however it went

    def text(self, key: str, language: str = "zh", **values: Any) -> str:
        """One sentence of the house; KeyError when the key is unknown, so that tests find it."""
        self._refresh()
        words = self._wording.get(language) or self._wording["zh"]
        return (words.get(key) or self._wording["zh"][key]).format(**values)

    def has(self, key: str) -> bool:
        """Whether the Chinese wording has it; the English one has the same keys."""
        return key in self._wording["zh"]

    def label(self, family: str, value: str | None, language: str = "zh") -> str:
        """The word people see for an id, such as ``label("state", "filed")``; the id itself when there is none."""
        key = f"{family}.{value}"
        return self.text(key, language) if value is not None and self.has(key) else (value or "—")

    def policy(self, name: str) -> Any:
        """As edited, completed by what was shipped later. KeyError for an unknown name. Not to be changed in place."""
        self._refresh()
        return self._policies[name]

    def is_fresh(self) -> bool:
        """Whether the next answers come from memory for certain, without a look at the version row."""
        soon = time.monotonic() + _MARGIN
        return self._database is None or (self._asked and soon - self._checked < _FRESH_SECONDS)

    def plan(self, name: str) -> Plan | None:
        """A plan of the follow-up programme, switched on or not."""
        self._refresh()
        return self._plans.get(name)

    def plans(self, *triggers: str) -> list[Plan]:
        """The plans that are switched on, with one of these triggers or with any."""
        self._refresh()
        return [
            plan
            for plan in self._plans.values()
            if plan.active and (not triggers or plan.trigger in triggers)
        ]

    def _refresh(self) -> None:
        if self._database is None or self._is_known():
            return
        # Beside the first look everybody waits: what is shipped may have been edited long ago. Later the old will do.
        if not self._lock.acquire(blocking=not self._asked):
            return
        try:
            if not self._is_known():
                self._look(self._database)
        finally:
            self._asked = True
            self._lock.release()

    def _is_known(self) -> bool:
        return self._asked and time.monotonic() - self._checked < _FRESH_SECONDS

    def _look(self, database: Database) -> None:
        self._checked = time.monotonic()
        with database.reading() as session:
            version = session.scalar(select(ReferenceVersion.version)) or 0
            if version != self._version:
                self._load(session)
                self._version = version

    def _load(self, session: Session) -> None:
        wording = {language: dict(words) for language, words in shipped_wording().items()}
        # As columns: objects of thousands of rows take three times as long.
        for language, key, words in session.execute(select(Wording.language, Wording.key, Wording.text)):
            wording.setdefault(language, {})[key] = words
        policies = dict(shipped_policies())
        for stored in session.scalars(select(Policy)):
            policies[stored.name] = _completed(stored.value, policies.get(stored.name))
        plans = plans_of(session.scalars(select(FollowUpPlan).order_by(FollowUpPlan.name)))
        self._wording, self._policies, self._plans = wording, policies, plans
