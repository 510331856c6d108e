"""WeChat delivery: one customer-service message where the quota allows it, else a notice, else the next way."""

import structlog

from bot.wechat import media
from bot.wechat.api import Api
from bot.wechat.errors import Spent
from bot.wechat.picture import StepPictures
from bot.wechat.row import language_of, question_of
from bot.wechat.scene_code import scene_link
from bot.wechat.template import Notices
from bot.wechat.text import bubbles, line, shortened, shown
from bot.wechat.xml import plain
from core.house import House
from core.knowledge.pictures import Pictures
from core.messaging.allowance import Allowances, Whose
from core.messaging.channel import Fetched, Later, Never, Outgoing
from core.messaging.credential import Credentials

SAVED = 1  # of the five messages of two days, for the result of what was reported
# Questions whose choices are lines to tap. A tap gives us a minute, a typed digit two days; so only where nothing
# will have to be said afterwards.
TAPPED = ("rating",)
_REMEMBERED = 1000
_log = structlog.get_logger()


class WeChatChannel:
    """The official account: messages while they are allowed, template notices where they are not, media and scenes."""

    name = "wechat"

    def __init__(self, house: House, app_id: str, secret: str, url: str) -> None:
        self.api = Api(app_id, secret, url, Credentials(house.database))
        self._house, self._app_id = house, app_id
        self._allowances = Allowances(house.database)
        self._notices = Notices(house, self.api)
        self._pictures = StepPictures(self.api, Pictures(house.database))
        self._progress: dict[str, int] = {}  # bubbles shown of a message whose next one failed

    def send(self, message: Outgoing) -> str:
        """Returns ``service:…``, ``template:…`` or ``subscription:…``. Raises Later, or Never with the reason."""
        if message.extra.get("edit"):
            return "unchanged"  # WeChat cannot take a message back or change it
        if message.extra.get("alone"):  # its words went back with the message that they answer
            return self._show(message, self._whose(message))
        try:
            return self._by_service(message)
        except Never as refused:
            if refused.lost or not self._notices.can(message):
                raise
            return self._by_notice(message, str(refused))

    def fetch(self, provider_id: str, most: int) -> Fetched:
        return media.fetch(self.api, provider_id, most)

    def scene_link(self, token: str) -> str:
        return scene_link(self.api, token)

    def _by_notice(self, message: Outgoing, why: str) -> str:
        try:
            return self._notices.send(message, why)
        except Never as refused:
            raise Never(f"{why}; notice: {refused}", lost=refused.lost) from None

    def _by_service(self, message: Outgoing) -> str:
        whose, keep = self._whose(message), 0 if message.weight == "result" else SAVED
        parts = self._parts(message, whose)
        for place, part in enumerate(parts):
            if place >= self._progress.get(message.key, 0):
                self._say(message, part, whose, keep, last=place == len(parts) - 1)
                self._remember(message.key, place + 1)
        self._progress.pop(message.key, None)
        if "picture" in message.extra:
            self._show(message, whose)
        return f"service:{message.key}"

    def _show(self, message: Outgoing, whose: Whose) -> str:
        """The picture after its words, where the allowance has room for it. They say it all: it is tried once."""
        if (spent := self._allowances.take(whose, keep=SAVED, of="message")) is None:
            return "picture left out: quota"
        try:
            self._pictures.send(message.recipient, message.extra["picture"]["id"])
        except Spent as refused:
            self._allowances.exhaust(whose)
            why = str(refused)
        except (Later, Never) as refused:
            self._allowances.give_back(spent)
            why = str(refused)
        else:
            return f"picture:{message.key}"
        _log.warning("picture left out", outbox=message.id, why=why)
        return f"picture left out: {why}"

    def _parts(self, message: Outgoing, whose: Whose) -> list[str]:
        """One bubble is the rule: several only where plenty may be said."""
        parts = bubbles(message.text, message.choices)
        if 1 < len(parts) <= self._allowances.left(whose) - SAVED or message.key in self._progress:
            return parts
        if len(parts) == 1:
            return parts
        ending = self._house.book.text("wechat.shortened", self._language(message))
        return [shortened(message.text, message.choices, ending)]

    def _say(self, message: Outgoing, text: str, whose: Whose, keep: int, *, last: bool) -> None:
        spent = self._allowances.take(whose, keep=keep, of="message")
        if spent is None:
            raise Spent("quota: nothing left to say until the customer writes")
        try:
            self._request(message, text, last)
        except Spent:
            self._allowances.exhaust(whose)
            raise
        except (Later, Never):
            self._allowances.give_back(spent)
            raise

    def _request(self, message: Outgoing, text: str, last: bool) -> None:
        openid, choices = message.recipient, message.choices if last else ()
        if not choices or not self._is_tapped(message):
            self.api.call(lambda client: client.message.send_text(openid, shown(text, choices)))
            return
        # A tap comes back with the line's id, so that it answers this question however old it is.
        lines = [{"id": f"{message.id}:{key}", "content": plain(line(key, label))} for key, label in choices]
        menu = {"head_content": shown(text, ()), "list": lines, "tail_content": ""}
        self.api.call(lambda client: client.message.send_msg_menu(openid, menu))

    def _is_tapped(self, message: Outgoing) -> bool:
        with self._house.database.reading() as session:
            return question_of(session, message.id) in TAPPED

    def _remember(self, key: str, shown_bubbles: int) -> None:
        if len(self._progress) >= _REMEMBERED:
            self._progress.pop(next(iter(self._progress)))
        self._progress[key] = shown_bubbles

    def _whose(self, message: Outgoing) -> Whose:
        return Whose(self.name, message.account or self._app_id, message.recipient)

    def _language(self, message: Outgoing) -> str:
        with self._house.database.reading() as session:
            return language_of(session, message.id)
