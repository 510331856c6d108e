"""Who may do what to a ticket (I3): one table, and nothing that it does not name. Console and chat ask here."""

from dataclasses import dataclass

_AGENT = "accept close cancel reopen merge sign quote update reply assign severity wait_customer go_on"
_CONTRACTS = "contract"
_DISPATCH = "dispatch appoint arrive wait_parts to_centre revisit done"
# What whoever was asked may do, trainers too, and everybody who writes to customers.
QUESTIONS = ("answer", "hand_over", "no_answer", "keep", "no_keep")
# What anybody who works on tickets may do with one that they were told of.
ANSWERS = ("hand_up", "later")


@dataclass(frozen=True)
class Powers:
    """``verbs`` may be done to a ticket; ``reveals``: phones in full; ``own_only``: to one's own tickets alone."""

    verbs: frozenset[str] = frozenset()
    reveals: bool = False
    own_only: bool = False

    def permit(self, verb: str, *, mine: bool, told: bool) -> bool:
        """``mine``: the ticket is theirs. ``told``: they were pushed about it, and so may take it."""
        if verb in QUESTIONS:
            return mine or told or "reply" in self.verbs
        if verb in ANSWERS:
            return bool(self.verbs) and (mine or told or not self.own_only)
        if self.own_only and verb == "accept":
            return bool(self.verbs) and told
        return verb in self.verbs and (mine or not self.own_only)

    def see(self, *, mine: bool, told: bool) -> bool:
        """Whether they may look at a ticket."""
        return mine or told or not self.own_only


def _powers(verbs: str = "", *, reveals: bool = False, own: bool = False) -> Powers:
    return Powers(frozenset(verbs.split()), reveals, own)


POWERS = {
    "viewer": _powers(),
    "agent": _powers(_AGENT, reveals=True),
    "dispatcher": _powers(f"{_AGENT} {_DISPATCH}", reveals=True),
    "technician": _powers("arrive wait_parts to_centre revisit done sign reply", reveals=True, own=True),
    "trainer": _powers(),
    "manager": _powers(f"{_AGENT} {_DISPATCH} {_CONTRACTS}", reveals=True),
    "admin": _powers(f"{_AGENT} {_DISPATCH} {_CONTRACTS}", reveals=True),
    "auditor": _powers(),
}
_NONE = Powers()


def powers(role: str | None) -> Powers:
    """The powers of a role; an unknown role has none."""
    return POWERS.get(role or "", _NONE)
