"""Which trainee somebody is who stands in a group: one pure decision, with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Seen:
    """Somebody whom the provider shows in a group. ``state`` is of the way by which they came, if by one of ours."""

    external_id: str
    names: tuple[str, ...]
    state: str | None
    joined_at: datetime


@dataclass(frozen=True)
class Known:
    """What may tell trainees apart; the numbers are of enrolments.

    ``ways`` are their own ways in, by token; ``accounts`` are known from before, None: of somebody who is no trainee of
    this session; ``names`` are on the roll and have no place yet; ``group`` is the token of the session's own code.
    """

    group: str
    ways: Mapping[str, int]
    accounts: Mapping[str, int | None]
    names: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Matched:
    """``why`` is own_way, account or name."""

    enrolment: int
    why: str


def match(seen: Seen, known: Known) -> Matched | None:
    """None: a stranger, as far as anybody can tell.

    A known account stays who it is, whosever way it came by. A name counts only for who came by the session's own code,
    and only when exactly one trainee without a place has it.
    """
    if seen.external_id in known.accounts:
        mine = known.accounts[seen.external_id]
        return None if mine is None else Matched(mine, "account")
    if seen.state is not None and seen.state in known.ways:
        return Matched(known.ways[seen.state], "own_way")
    if seen.state != known.group:
        return None
    called = {_plain(name) for name in seen.names}
    found = [enrolment for name, enrolment in known.names if _plain(name) in called]
    return Matched(found[0], "name") if len(found) == 1 else None


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
