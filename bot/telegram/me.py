"""The bot itself: its number, its name, and the keys of its buttons."""

from dataclasses import dataclass

from bot.telegram.keyboard import Keys


@dataclass
class Me:
    """``username`` is known once Telegram has told it (setup.py); until then every …bot may be ours."""

    account: str
    keys: Keys
    username: str | None = None

    def is_called(self, name: str) -> bool:
        """Whether @name means us."""
        name = name.removeprefix("@").lower()
        return name == self.username.lower() if self.username else name.endswith("bot")


def me_of(token: str, secret: str) -> Me:
    """A token begins with the bot's number, which stays the same when the token is changed."""
    return Me(token.partition(":")[0], Keys(secret))
