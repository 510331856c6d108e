"""Who gets in: one pure decision, with its reason. A stranger never does."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What is known of the group and of who stands at its door.

    ``enrolment`` and ``place`` are the states of the trainee's enrolment and place, None where there is none;
    ``same_account``: nobody else's account holds that place; ``elsewhere``: this account holds another's.
    """

    group: str
    over: bool
    enrolment: str | None
    place: str | None = None
    same_account: bool = True
    elsewhere: bool = False


@dataclass(frozen=True)
class Admitted:
    """``why`` is first, again (asked twice) or back (after leaving)."""

    why: str


@dataclass(frozen=True)
class Declined:
    """``why`` is not_open, over, stranger, not_attending, removed, not_theirs or second_account."""

    why: str


Verdict = Admitted | Declined


def judge(facts: Facts, admits: Collection[str]) -> Verdict:
    """``admits`` are the states of an enrolment that may come in (policy ``groups``)."""
    if facts.over:
        return Declined("over")
    if facts.group != "open":
        return Declined("not_open")
    if facts.enrolment is None:
        return Declined("stranger")
    if facts.enrolment not in admits:
        return Declined("not_attending")
    if facts.elsewhere:
        return Declined("not_theirs")
    if facts.place == "removed":
        return Declined("removed")
    if facts.place in ("asked", "joined"):
        return Admitted("again") if facts.same_account else Declined("second_account")
    return Admitted("back" if facts.place == "left" else "first")
