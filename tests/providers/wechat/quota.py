"""How many customer-service messages a user may still get (rule of 2023-06-12)."""

from dataclasses import dataclass, field

from tests.providers.tencent import Refused

HOURS = 3600
# A message; or a moment: a menu click, a scan, following. Whether moments add up is not documented; here they do not.
GRANTS = {"message": (5, 48 * HOURS), "moment": (3, 60)}


@dataclass
class Grant:
    left: int
    until: float


@dataclass
class Ledger:
    grants: dict[str, Grant] = field(default_factory=dict)

    def grant(self, why: str, now: float) -> None:
        """Doing the same thing again starts anew; it does not add up."""
        count, seconds = GRANTS[why]
        self.grants[why] = Grant(count, now + seconds)

    def left(self, now: float) -> int:
        return sum(grant.left for grant in self.grants.values() if grant.until > now)

    def spend(self, now: float) -> None:
        """45015 when nothing is valid any more, 45047 when what is valid is used up; the shortest goes first."""
        valid = sorted((g for g in self.grants.values() if g.until > now), key=lambda g: g.until)
        if not valid:
            raise Refused(45015)
        for grant in valid:
            if grant.left:
                grant.left -= 1
                return
        raise Refused(45047)
