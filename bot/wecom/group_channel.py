"""Customer groups as a way out: what is to be done about a group (core/groups/order.py), and what is said in it.

WeCom is asked with no transaction open. It lets no program speak in a customer group: docs/channels/wecom-groups.md.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from bot.wecom.asked_before import asked_before
from bot.wecom.broadcasts import NOBODY_TO_SEND_TO, Broadcasts, LeftOut
from bot.wecom.customer_groups import CustomerGroup, CustomerGroups, Person
from bot.wecom.errors import LATER, Failed, translated
from bot.wecom.read_back import Asked, read_back
from core.groups import told
from core.groups.attempt import SINCE, about_to_ask
from core.groups.confirm import CONFIRM, PASTED
from core.groups.confirmed import came_of
from core.groups.match import Seen
from core.groups.order import Shut
from core.groups.read_back import READ_BACK
from core.groups.recognise import Made
from core.groups.search import FIND, LOOK
from core.groups.spoken import to_be_sent
from core.groups.ways import MAKE_WAY, TAKE_WAY
from core.house import House
from core.messaging.channel import Later, Outgoing
from core.messaging.faults import reach
from core.messaging.split import split, utf8_bytes

CHANNEL = "wecom"  # of the groups that it is about
MOST_TEXT = 4000  # bytes of a message that the owner is asked to send
# WeCom shows a change some moments after its event; after so many looks we take what it shows.
LOOKS, LOOK_AGAIN = 4, 2.0
BY_HAND = "by hand"  # the receipt of what staff must send themselves
MOST_UNKNOWN = 200  # groups of ours that are asked for their names at one time
_log = structlog.get_logger()


class WeComGroupChannel:
    name = "wecom_group"

    def __init__(self, groups: CustomerGroups, broadcasts: Broadcasts, house: House) -> None:
        self._groups, self._broadcasts, self._house = groups, broadcasts, house

    def send(self, message: Outgoing) -> str:
        do: Callable[[Outgoing], str] = self._errands().get(message.extra.get("do", ""), self._post)
        try:
            return do(message)
        except Failed as failed:
            raise translated(failed) from None

    def _errands(self) -> dict[str, Callable[[Outgoing], str]]:
        ways = {MAKE_WAY: self._make, TAKE_WAY: self._take}
        return ways | {LOOK: self._look, FIND: self._find, READ_BACK: self._read_back}

    def _make(self, message: Outgoing) -> str:
        """The number of a way first, then its picture. A number lost in between is of a picture nobody ever saw."""
        what, wanted = message.extra, told.wanted_way(self._house, message.extra)
        if wanted is None:
            return "not needed"
        config = wanted.config
        if config is None:
            config = self._groups.add_join_way(
                chat_ids=[wanted.chat], state=wanted.state, remark=wanted.remark
            )
            if not told.way_made(self._house, what, config):
                self._groups.del_join_way(config)
                return "not needed"
        way = self._groups.join_way(config)
        if way is None or not way.qr_code:
            told.way_gone(self._house, what)
            raise Later("the join way is gone before it was shown")
        told.way_shown(self._house, what, way.qr_code)
        return config

    def _take(self, message: Outgoing) -> str:
        return "deleted" if self._groups.del_join_way(message.extra["config"]) else "gone"

    def _look(self, message: Outgoing) -> str:
        what, group = message.extra, self._groups.group(message.recipient)
        if group is None:
            told.group_gone(self._house, what["group"], message.recipient)
            return "dismissed"
        if what.get("version") not in (None, group.version) and message.attempt < LOOKS:
            raise Later("WeCom does not show the change yet", delay=LOOK_AGAIN)
        told.group_seen(
            self._house,
            what["group"],
            [_seen(person) for person in group.people],
            title=group.name,
            owner=group.owner,
            removed=what.get("removed", ()),
        )
        return group.version

    def _find(self, message: Outgoing) -> str:
        """One group that was just made or renamed, or all groups of staff that we do not know."""
        if not message.extra.get("all"):
            return self._recognised(self._groups.group(message.recipient))
        makers, known = told.where_to_look(self._house, CHANNEL)
        chats = [chat for chat in self._groups.chat_ids(makers) if chat not in known]
        if len(chats) > MOST_UNKNOWN:
            _log.warning("too many customer groups to look through", groups=len(chats), looked=MOST_UNKNOWN)
        found = [self._recognised(self._groups.group(chat)) for chat in chats[:MOST_UNKNOWN]]
        return "found" if "found" in found else "none"

    def _recognised(self, group: CustomerGroup | None) -> str:
        if group is None:
            return "none"
        return "found" if told.made_by_hand(self._house, CHANNEL, Made(group.chat_id, group.name)) else "none"

    def _post(self, message: Outgoing) -> str:
        """The owner is asked to send it; whether or not WeCom does so, staff get the text to paste it themselves."""
        known = message.extra.get(CONFIRM) or {}
        if known.get("state") == PASTED:
            return BY_HAND
        group = self._groups.group(message.recipient)
        if group is None:
            raise Shut("the group is dismissed", "deleted")
        msgid, why = known.get("msgid", ""), ""  # of an earlier try: nobody is asked twice
        if not msgid and known.get(SINCE):
            msgid = asked_before(self._broadcasts, self._house, message, group.owner)
        if not msgid:
            msgid, why = self._ask(group, message)
        to_be_sent(self._house, message, owner=group.owner, msgid=msgid, why=why)
        return msgid or BY_HAND

    def _ask(self, group: CustomerGroup, message: Outgoing) -> tuple[str, str]:
        """WeCom's number of the question to the owner, or why there is none."""
        if len(split(message.text, MOST_TEXT, utf8_bytes)) > 1:
            return "", "too_long"
        about_to_ask(self._house, message.id, now=datetime.now(UTC))
        reach("broadcast.asking")
        try:
            msgid = self._broadcasts.ask_owner_to_post(
                owner=group.owner, chat_id=group.chat_id, text=message.text
            )
        except LeftOut:
            return "", "left_out"
        except Failed as failed:
            if failed.code in LATER:
                raise
            _log.info("a message to a customer group is left to staff", code=failed.code)
            return "", "limit" if failed.code == NOBODY_TO_SEND_TO else "refused"
        reach("broadcast.asked")
        return msgid, "refused"  # the word is for an answer without a number

    def _read_back(self, message: Outgoing) -> str:
        what, chat = message.extra, message.recipient.partition("/")[0]
        asked = Asked(what["msgid"], what["owner"], chat, patient=message.attempt < LOOKS)
        outcome = read_back(self._broadcasts, self._groups, asked)
        if outcome.why == "deleted":
            told.group_gone(self._house, what["group"], chat)
        came_of(self._house, what, outcome)
        return outcome.why or outcome.state


def _seen(person: Person) -> Seen:
    names = tuple(name for name in (person.nickname, person.name) if name)
    return Seen(person.external_userid, names, person.state, person.joined_at)
