"""The ladder of an alert: who is told on which way and how long each of them has. A pure function of the policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.staff.people import Way

CONSOLE = "console"


@dataclass(frozen=True)
class Reach:
    """A person and the ways by which they can be told, best first."""

    name: str
    ways: tuple[Way, ...] = ()


Levels = Mapping[str, Sequence[Reach]]


def levels_for(policy: dict[str, Any], *, wording: str, audience: str) -> tuple[list[str], list[str]]:
    """(levels told first, levels that follow in order). 重大问题 start with head and general manager at once (C2)."""
    first = list(policy["at_once"].get(wording, [audience]))
    following = policy["ladder"].get(first[-1], [first[-1]])
    return first, [level for level in following if level not in first]


def ladder(policy: dict[str, Any], *, wording: str, audience: str, levels: Levels) -> list[dict[str, Any]]:
    """The steps in order; ``wait`` is the minutes until the next one, 0 when both come at the same moment.

    Nobody is on it twice. An empty ladder means that nobody works here.
    """
    first, following = levels_for(policy, wording=wording, audience=audience)
    seen: set[str] = set()
    opening = [one for level in first for one in _new(levels.get(level, ()), seen)]
    together = wording in policy["at_once"]
    steps = _together(policy, opening) if together else _in_turn(policy, opening[: policy["people"]])
    for level in following:
        steps += _in_turn(policy, _new(levels.get(level, ()), seen)[: policy["people"]])
    return steps


def _new(people: Sequence[Reach], seen: set[str]) -> list[Reach]:
    """Those who were not on an earlier level; who has a way of their own comes before who has the console alone."""
    fresh = [one for one in people if one.name not in seen]
    seen.update(one.name for one in fresh)
    return sorted(fresh, key=lambda one: not one.ways)


def _in_turn(policy: dict[str, Any], people: Sequence[Reach]) -> list[dict[str, Any]]:
    """The same person's next way, then the next person."""
    return [step for one in people for step in _steps(policy, one)]


def _together(policy: dict[str, Any], people: Sequence[Reach]) -> list[dict[str, Any]]:
    """Everybody's first way at the same moment, then everybody's second …"""
    columns = [_steps(policy, one) for one in people]
    steps = []
    for row in range(max(map(len, columns), default=0)):
        now = [column[row] for column in columns if row < len(column)]
        longest = max(step["wait"] for step in now)
        steps += [{**step, "wait": 0} for step in now[:-1]] + [{**now[-1], "wait": longest}]
    return steps


def _steps(policy: dict[str, Any], one: Reach) -> list[dict[str, Any]]:
    """A person's own steps. The console comes last and is waited for only where there is nothing else."""
    waits = policy["wait_minutes"]
    steps = [_step(one, way, waits.get(way.channel, waits[CONSOLE])) for way in one.ways]
    return [*steps, _step(one, Way(CONSOLE, one.name), 0 if steps else waits[CONSOLE])]


def _step(one: Reach, way: Way, wait: float) -> dict[str, Any]:
    return {
        "person": one.name,
        "channel": way.channel,
        "recipient": way.recipient,
        "account": way.account,
        "wait": wait,
    }
