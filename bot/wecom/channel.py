"""WeCom delivery: cards with buttons, after the whole text where a card is too small for it, and texts alone."""

from typing import Any

import structlog

from bot.wecom.api import WeComApi
from bot.wecom.card import card, shows_all
from bot.wecom.errors import Failed, translated
from core.messaging.channel import Later, Never, Outgoing
from core.messaging.pace import Pace
from core.messaging.split import split, utf8_bytes

MOST_TEXT = 2048  # bytes; WeCom cuts off the rest without a word
# More than thirty a minute to one member are dropped without a word; some room for pieces of long texts.
PACE = {"most": 25, "seconds": 60.0}
SAME = 1800  # seconds in which WeCom takes the same push for a repetition
_log = structlog.get_logger()


class WeComChannel:
    name = "wecom"

    def __init__(self, api: WeComApi, pace: Pace) -> None:
        self._api, self._pace = api, pace

    def send(self, message: Outgoing) -> str:
        """The receipt of a card is its task id and the code that lets us change it once within 72 hours."""
        if message.extra.get("edit"):
            return self._change(message)
        if wait := self._pace.wait(self.name, message):
            raise Later("thirty messages a minute are the limit", delay=wait)
        answer: dict[str, Any] = {}
        if not message.choices or not shows_all(message.text):
            for piece in split(_text(message), MOST_TEXT, utf8_bytes):
                answer = self._deliver(message, {"msgtype": "text", "text": {"content": piece}})
        if not message.choices:
            return str(answer.get("msgid", message.key))
        shown = card(message)
        answer = self._deliver(message, {"msgtype": "template_card", "template_card": shown})
        return f"{shown['task_id']} {answer.get('response_code', '')}".strip()

    def _deliver(self, message: Outgoing, body: dict[str, Any]) -> dict[str, Any]:
        envelope = {"touser": message.recipient, "agentid": self._api.agent_id, **body, **_once(message)}
        try:
            answer = self._api.call("message/send", envelope)
        except Failed as failed:
            raise translated(failed) from None
        for list_of in ("invaliduser", "unlicenseduser"):
            # WeCom says ok and has told nobody.
            if answer.get(list_of):
                raise Never(f"{list_of}: {answer[list_of]}", lost=False)
        return answer

    def _change(self, message: Outgoing) -> str:
        """Put words in the place of the buttons. That it cannot be done is no news to anybody: the text tells it."""
        _, _, code = str(message.extra["edit"]).partition(" ")
        if not code:
            return "not changeable"
        label = str(message.extra.get("label") or message.text.rpartition("✔ ")[2])
        body = {
            "userids": [message.recipient],
            "agentid": self._api.agent_id,
            "response_code": code,
            "button": {"replace_name": label[:30]},
        }
        try:
            self._api.call("message/update_template_card", body)
        except Failed as failed:
            # Used, or older than 72 hours; the number for that is not documented.
            refused = translated(failed)
            if isinstance(refused, Later) and refused.delay is not None:
                raise refused from None
            _log.info("card not changed", outbox=message.id, code=failed.code)
            return "not changed"
        return "changed"


def _text(message: Outgoing) -> str:
    """A push carries its time, so that the same alarm an hour later is another message and not a repetition."""
    clock = message.extra.get("clock")
    return f"{message.text}\n{clock}" if clock else message.text


def _once(message: Outgoing) -> dict[str, int]:
    """A push that is sent again after a lost answer is shown once; the same answer asked for twice is shown twice."""
    pushed = "push" in message.extra
    return {"enable_duplicate_check": 1, "duplicate_check_interval": SAME} if pushed else {}
