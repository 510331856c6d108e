"""Who may do what (I3): one table, and nothing that it does not name."""

from dataclasses import dataclass

_DESK = "dashboard tickets"
_REFERENCE = "articles outlets hotlines wording policies"
_AGENT = "accept close cancel reopen merge sign quote update reply assign"
_DISPATCH = "dispatch appoint arrive wait_parts to_centre revisit done"


@dataclass(frozen=True)
class Rights:
    """``pages`` may be opened, ``verbs`` done to a ticket, ``edits`` changed; ``reveals``: phones in full."""

    pages: frozenset[str]
    verbs: frozenset[str] = frozenset()
    edits: frozenset[str] = frozenset()
    reveals: bool = False
    own_only: bool = False


def _rights(
    pages: str, verbs: str = "", edits: str = "", *, reveals: bool = False, own: bool = False
) -> Rights:
    return Rights(frozenset(pages.split()), frozenset(verbs.split()), frozenset(edits.split()), reveals, own)


ROLES = {
    "viewer": _rights(_DESK),
    "agent": _rights(f"{_DESK} pushes promises articles outlets hotlines", _AGENT, reveals=True),
    "dispatcher": _rights(
        f"{_DESK} pushes promises articles outlets hotlines codes",
        f"{_AGENT} {_DISPATCH}",
        "outlets codes",
        reveals=True,
    ),
    "technician": _rights(
        f"{_DESK} articles", "arrive wait_parts to_centre revisit done sign reply", reveals=True, own=True
    ),
    "trainer": _rights(f"{_DESK} articles reviews", edits="articles reviews"),
    "manager": _rights(
        f"{_DESK} dead_letters pushes promises {_REFERENCE} codes reviews history reveals",
        f"{_AGENT} {_DISPATCH}",
        f"dead_letters {_REFERENCE} codes reviews",
        reveals=True,
    ),
    "admin": _rights(
        f"{_DESK} dead_letters pushes promises {_REFERENCE} codes reviews history reveals staff",
        f"{_AGENT} {_DISPATCH}",
        f"dead_letters {_REFERENCE} codes reviews staff",
        reveals=True,
    ),
    "auditor": _rights(
        f"{_DESK} dead_letters pushes promises {_REFERENCE} codes reviews history reveals staff"
    ),
}
_NOBODY = Rights(frozenset())


def rights(role: str | None) -> Rights:
    """The rights of a role; an unknown role has none."""
    return ROLES.get(role or "", _NOBODY)
