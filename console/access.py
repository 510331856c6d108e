"""Who may open and edit what (I3): one table, and nothing that it does not name."""

from dataclasses import dataclass, field

from core.staff.rights import Powers, powers

_DESK = "dashboard tickets sla roster"
_REFERENCE = "articles questions outlets hotlines wording policies voice_menu"


@dataclass(frozen=True)
class Rights:
    """``pages`` may be opened, ``edits`` changed; what may be done to tickets is in the core, for chat as well."""

    pages: frozenset[str] = frozenset()
    edits: frozenset[str] = frozenset()
    powers: Powers = field(default_factory=Powers)

    @property
    def verbs(self) -> frozenset[str]:
        """What may be done to tickets."""
        return self.powers.verbs

    @property
    def reveals(self) -> bool:
        """Whether a masked phone number or address may be shown in full; each time is written down."""
        return self.powers.reveals

    @property
    def own_only(self) -> bool:
        """Whether only tickets and visits of their own are seen."""
        return self.powers.own_only


def _rights(role: str, pages: str, edits: str = "") -> Rights:
    return Rights(frozenset(pages.split()), frozenset(edits.split()), powers(role))


_MANAGED = f"asked ask dead_letters escalation pushes promises trainings rounds groups calls plans satisfaction incidents {_REFERENCE} codes reviews history reveals"
ROLES = {
    role: _rights(role, pages, edits)
    for role, pages, edits in (
        ("viewer", _DESK, ""),
        (
            "agent",
            f"{_DESK} escalation pushes promises calls plans satisfaction incidents articles questions asked ask outlets hotlines",
            "asked calls sales",
        ),
        (
            "dispatcher",
            f"{_DESK} escalation pushes promises rounds calls plans satisfaction incidents articles questions asked ask outlets hotlines codes",
            "asked rounds calls sales outlets codes incidents",
        ),
        ("technician", f"{_DESK} rounds articles questions ask", ""),
        (
            "trainer",
            f"{_DESK} trainings groups articles questions asked ask reviews",
            "asked trainings groups articles questions reviews",
        ),
        (
            "manager",
            f"{_DESK} {_MANAGED}",
            f"asked dead_letters trainings rounds groups calls plans sales {_REFERENCE} codes reviews incidents roster",
        ),
        (
            "admin",
            f"{_DESK} {_MANAGED} staff",
            f"asked dead_letters trainings rounds groups calls plans sales {_REFERENCE} codes reviews staff incidents roster",
        ),
        ("auditor", f"{_DESK} {_MANAGED} staff", ""),
    )
}
_NOBODY = Rights()


def rights(role: str | None) -> Rights:
    """The rights of a role; an unknown role has none."""
    return ROLES.get(role or "", _NOBODY)
