"""Service levels (C1): which clocks a ticket has and how long each may run, by contract, kind and severity."""

from dataclasses import dataclass
from typing import Any

from core.promise.clock import CLOCKS

STANDARD = "standard"
SEVERITIES = ("normal", "serious", "urgent")
# Kinds for which somebody goes there; for the rest the way to the customer has no clock.
VISITS = ("repair", "installation", "inspection")
# Kinds with a line of their own, whatever the contract.
OWN_LINES = ("complaint", "question")
MODES = ("calendar", "working")


@dataclass(frozen=True)
class Terms:
    """What one clock is given: ``starts`` and ``met_by`` (of on_site) are verbs of the life cycle."""

    clock: str
    minutes: float
    mode: str
    starts: str
    met_by: str


@dataclass(frozen=True)
class Level:
    """The terms of a ticket, and the line of the policy that gave them."""

    line: str
    terms: tuple[Terms, ...]


def level_for(
    policy: dict[str, Any], *, contract: str | None, kind: str, severity: str, at_once: float
) -> Level:
    """The service level of a ticket; ``at_once`` is the minutes that a 0 in the policy is counted as."""
    name = line_of(policy, contract=contract, kind=kind, severity=severity)
    line, visited = policy[name], kind in VISITS
    terms = [
        Terms(
            clock=clock,
            minutes=line[clock] or at_once,
            mode=line["clock"],
            starts=_starts(line, clock, visited),
            met_by=line["on_site_by"] if clock == "on_site" else "",
        )
        for clock in CLOCKS
        if line[clock] is not None and (visited or clock != "on_site")
    ]
    return Level(name, tuple(terms))


def line_of(policy: dict[str, Any], *, contract: str | None, kind: str, severity: str) -> str:
    """A line for this contract and severity, else of the complaint or question, the contract, the severity.

    Danger is urgent for everybody: without a line of its own, no contract makes it wait longer.
    """
    own = f"{contract}_{severity}"
    if contract and own in policy:
        return own
    if kind in OWN_LINES and severity == "normal" and kind in policy:
        return kind
    if contract in contracts(policy)[1:] and severity != "urgent":
        return str(contract)
    return severity


def contracts(policy: dict[str, Any]) -> list[str]:
    """The contracts to choose from: the standard one first, then those that the policy has lines for."""
    lines = [name for name in policy if name not in (*SEVERITIES, *OWN_LINES)]
    return [STANDARD, *(name for name in lines if not _of_severity(name))]


def _of_severity(name: str) -> bool:
    return name.rpartition("_")[2] in SEVERITIES


def _starts(line: dict[str, Any], clock: str, visited: bool) -> str:
    if clock == "verify":
        return "done"
    return str(line["solved_from"]) if clock == "solved" and visited else "file"


def check(policy: dict[str, Any]) -> None:
    """ValueError or KeyError where the lines of an edited policy say something that no clock understands."""
    for name in (*SEVERITIES, "complaint"):
        policy[name]
    for name, line in policy.items():
        for clock in CLOCKS:
            if line[clock] is not None and not 0 <= float(line[clock]) <= 1_000_000:
                raise ValueError(f"{name}: {clock} is not between 0 and 1,000,000 minutes")
        for field, allowed in (
            ("clock", MODES),
            ("on_site_by", ("dispatch", "arrive")),
            ("solved_from", ("file", "arrive")),
        ):
            if line[field] not in allowed:
                raise ValueError(f"{name}: {field} is one of {', '.join(allowed)}")
