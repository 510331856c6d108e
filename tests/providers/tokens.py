"""Access tokens: the stable kind (same on repeat) and the classic kind (a new one ends the old one)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from tests.providers.tencent import Refused, wrong

LIFE = 7200
OVERLAP = 300  # seconds the previous classic token still works


@dataclass
class Token:
    value: str
    until: float
    revoked: bool = False


class Tokens:
    def __init__(self, now: Callable[[], float], unknown: int) -> None:
        self._now, self._unknown = now, unknown
        self.issued: dict[str, Token] = {}
        self._stable: Token | None = None
        self._classic: Token | None = None
        self._forced: list[float] = []

    def stable(self, force: bool) -> Token:
        if force:
            self._count_force()
        if self._stable and not force and not self._stable.revoked and self._stable.until > self._now():
            return self._stable
        if self._stable and force:
            self._stable.revoked = True
        self._stable = self._issue()
        return self._stable

    def classic(self) -> Token:
        if self._classic:
            self._classic.until = min(self._classic.until, self._now() + OVERLAP)
        self._classic = self._issue()
        return self._classic

    def check(self, value: str) -> None:
        if not value:
            raise wrong(41001)
        if len(value) < 20:
            raise Refused(40014)
        token = self.issued.get(value)
        if token is None or token.revoked:
            raise Refused(self._unknown)
        if token.until <= self._now():
            raise Refused(42001)

    def revoke(self) -> None:
        """Somebody else fetched a token, or the secret was reset: ours are no longer the right ones."""
        for token in self.issued.values():
            token.revoked = True

    def expire(self) -> None:
        """All answer 42001."""
        for token in self.issued.values():
            token.until = self._now()

    def _issue(self) -> Token:
        token = Token(f"98_{secrets.token_urlsafe(48)}", self._now() + LIFE)
        self.issued[token.value] = token
        return token

    def _count_force(self) -> None:
        now = self._now()
        self._forced = [at for at in self._forced if at > now - 86400]
        if self._forced and now - self._forced[-1] < 30:
            raise Refused(45011)
        if len(self._forced) >= 20:
            raise Refused(45009)
        self._forced.append(now)
