"""The answers Telegram gives when it refuses."""

from typing import Any

from tests.providers.record import Trouble


class Refused(Exception):
    """400 and its kind; `violation` when only a mistake of ours can cause it."""

    def __init__(self, text: str, code: int = 400, violation: bool = False, **parameters: Any) -> None:
        super().__init__(text)
        self.text, self.code, self.violation, self.parameters = text, code, violation, parameters

    def body(self) -> dict[str, Any]:
        kinds = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
        kind = kinds.get(self.code, "Too Many Requests" if self.code == 429 else "Internal Server Error")
        described = f"{kind}: {self.text}" if self.text else kind
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": described}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def wrong(text: str) -> Refused:
    """A call that no correct bot makes."""
    return Refused(text, violation=True)


def refusal(refused: Refused) -> Trouble:
    return Trouble(refused.body(), status=refused.code)


def too_many(retry_after: int = 3) -> Refused:
    return Refused(f"retry after {retry_after}", 429, retry_after=retry_after)


def blocked() -> Refused:
    return Refused("bot was blocked by the user", 403)


def kicked() -> Refused:
    return Refused("bot was kicked from the supergroup chat", 403)


def stranger() -> Refused:
    return Refused("bot can't initiate conversation with a user", 403)


def migrated(to: int) -> Refused:
    return Refused("group chat was upgraded to a supergroup chat", 400, migrate_to_chat_id=to)


def broken() -> Refused:
    return Refused("", 500)


def slow(seconds: float) -> Trouble:
    """The call takes effect; the answer is late."""
    return Trouble(delay=seconds)


def dropped(effect: bool = False) -> Trouble:
    """The connection ends without an answer, before or after the effect."""
    return Trouble(dropped=True, effect=effect)
