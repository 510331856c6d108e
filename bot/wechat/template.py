"""Template and subscription notices: what may still be said when the quota of a conversation is used up.

Off until the policy ``wechat_notice`` names a template of the account and says what its fields hold.
"""

from typing import Any

from wechatpy import WeChatClient

from bot.wechat.api import Api
from bot.wechat.row import language_of, ticket_of
from bot.wechat.xml import plain
from core.care.hop import written
from core.care.notice import ticket_words
from core.house import House
from core.messaging.channel import Never, Outgoing
from core.messaging.outbox import OutboxMessage

WEIGHTS = ("notice", "result")  # notices are for what the customer waits for, not for conversation
# What WeChat takes in a field, by the beginning of its name, in characters.
LENGTHS = {"thing": 20, "character_string": 32, "phrase": 5, "phone_number": 17, "name": 10, "number": 32}
LONGEST = 200
# What a field may hold: {number}, … of the ticket, and {text}, the message itself.
BLANKS = ("number", "name", "device", "state", "symptom", "appointment")


class Notices:
    """Sends what a conversation may not say any more."""

    def __init__(self, house: House, api: Api) -> None:
        self._house, self._api = house, api

    def can(self, message: Outgoing) -> bool:
        """Whether this may go as a template message: one is set up, and it is a notice or a result."""
        return bool(self._policy()["template_id"]) and message.weight in WEIGHTS

    def send(self, message: Outgoing, why: str) -> str:
        """Returns the receipt; the way it went is written on the ticket. Raises Later or Never."""
        policy = self._policy()
        data = self._filled(message, policy["fields"])
        if policy["kind"] == "subscription":
            self._api.call(lambda client: _subscription(client, message.recipient, policy, data))
            receipt = f"subscription:{message.key}"
        else:
            told = self._api.call(lambda client: _template(client, message.recipient, policy, data))
            receipt = f"template:{told.get('msgid', message.key)}"
        self._write(message, f"wechat → wechat notice: {why}")
        return receipt

    def _policy(self) -> dict[str, Any]:
        given = self._house.book.policy("wechat_notice")
        kept = {name: value for name, value in given.items() if value} if isinstance(given, dict) else {}
        return {"kind": "template", "template_id": "", "url": "", "fields": {}, **kept}

    def _filled(self, message: Outgoing, fields: dict[str, str]) -> dict[str, Any]:
        values = self._values(message)
        try:
            return {
                name: {"value": _fitting(name, str(pattern).format(**values))}
                for name, pattern in fields.items()
            }
        except (KeyError, IndexError, ValueError) as unknown:
            raise Never(f"policy wechat_notice: {unknown} cannot be filled in", lost=False) from None

    def _values(self, message: Outgoing) -> dict[str, Any]:
        """The words of the message and of its ticket."""
        with self._house.database.reading() as session:
            ticket = ticket_of(session, message.id)
            if ticket is None:
                return {**dict.fromkeys(BLANKS, "—"), "text": message.text}
            words = ticket_words(self._house, ticket, language_of(session, message.id))
            return {**words, "text": message.text}

    def _write(self, message: Outgoing, text: str) -> None:
        with self._house.database.session() as session:
            row = session.get(OutboxMessage, message.id)
            if row is not None:
                written(session, row, text)
                session.commit()


def _fitting(name: str, value: str) -> str:
    most = next((m for prefix, m in LENGTHS.items() if name.startswith(prefix)), LONGEST)
    words = " ".join(plain(value).split())
    return words if len(words) <= most else words[: most - 1] + "…"


def _template(client: WeChatClient, openid: str, policy: dict[str, Any], data: dict[str, Any]) -> Any:
    return client.message.send_template(openid, policy["template_id"], data, url=policy["url"] or None)


def _subscription(client: WeChatClient, openid: str, policy: dict[str, Any], data: dict[str, Any]) -> Any:
    page = policy["url"] or None
    return client.message.send_subscribe_message(openid, policy["template_id"], data, page=page)
