"""qyapi.weixin.qq.com on 127.0.0.1."""

import json
from typing import Any

from tests.providers.envelope import AES_KEY, TOKEN
from tests.providers.tencent import TencentServer
from tests.providers.tokens import Tokens
from tests.providers.wecom import account, broadcasts, events, groups, messages
from tests.providers.wecom.crowd import Crowd
from tests.providers.wecom.errors import ERRORS
from tests.providers.wecom.people import Card, Code, Group, MassMessage, Member, Shown

METHODS = {
    "gettoken": account.get_token,
    "agent/get": account.get_agent,
    "user/get": account.get_user,
    "message/send": messages.send,
    "message/update_template_card": messages.update_card,
    "webhook/send": messages.robot,
    "media/get": account.media_get,
    "media/upload": account.media_upload,
    "externalcontact/groupchat/add_join_way": groups.add_join_way,
    "externalcontact/groupchat/get_join_way": groups.get_join_way,
    "externalcontact/groupchat/update_join_way": groups.update_join_way,
    "externalcontact/groupchat/del_join_way": groups.del_join_way,
    "externalcontact/groupchat/list": groups.list_groups,
    "externalcontact/groupchat/get": groups.get_group,
    "externalcontact/add_msg_template": broadcasts.add_msg_template,
    "externalcontact/get_groupmsg_list_v2": broadcasts.list_all,
    "externalcontact/get_groupmsg_task": broadcasts.get_task,
    "externalcontact/get_groupmsg_send_result": broadcasts.get_send_result,
}


class WeComServer(Crowd, TencentServer):
    """`url` goes into FRONTDOOR_WECOM_API_URL; `corp_id`, `agent_id`, `secret` into the settings of that name.

    `shown` is what appeared on members' phones (and in the robots' groups, by key).
    """

    errors = ERRORS
    methods = METHODS
    without_token = frozenset({"gettoken", "webhook/send"})

    def __init__(
        self, corp_id: str = "ww0123456789abcdef", agent_id: int = 1000002, secret: str = "local-wecom-secret"
    ) -> None:
        self.corp_id, self.agent_id, self.secret = corp_id, agent_id, secret
        self.tokens = Tokens(self.now, unknown=40014)
        self.members: dict[str, Member] = {}
        self.shown: list[Shown] = []
        self.cards: dict[str, Card] = {}
        self.codes: dict[str, Code] = {}
        self.robots: dict[str, list[float]] = {"local-robot-key": []}
        self.media: dict[str, tuple[bytes, str]] = {}  # content and content type
        self.groups: dict[str, Group] = {}
        self.join_ways: dict[str, dict[str, Any]] = {}
        self.mass_messages: list[MassMessage] = []
        self.asked_along: list[str] = []  # whom each broadcast's task list has besides
        self.left_out: set[str] = set()  # groups that a broadcast cannot reach, for whatever reason
        self.eager = False  # whoever is asked to send a broadcast does it at once
        self.unlisted = 0  # for so many looks the list of broadcasts is behind
        self.cursors: dict[str, int] = {}  # those that were given, with what comes after
        self.page = 1000  # rows on one page of a list, at most
        self._bodies: dict[str, float] = {}
        super().__init__()

    @property
    def settings(self) -> dict[str, str]:
        """For `Settings(**…)`; with FRONTDOOR_ and capitals for the environment."""
        own = {"wecom_api_url": self.url, "wecom_corp_id": self.corp_id, "wecom_agent_id": str(self.agent_id)}
        return own | {"wecom_secret": self.secret, "wecom_token": TOKEN, "wecom_aes_key": AES_KEY}

    def hire(self, *userids: str, licensed: bool = True) -> None:
        for userid in userids:
            self.members[userid] = Member(userid, licensed)

    def texts(self, userid: str) -> list[str]:
        """What this member read, in order."""
        return [shown.text for shown in self.shown if shown.userid == userid]

    def press(self, userid: str, label: str) -> dict[str, Any]:
        """The event of pressing the button with this text (or key) on the member's newest card that has it."""
        for card in reversed([*self.cards.values()]):
            for button in card.content.get("button_list", []):
                if userid in card.readers and (label in button["text"] or label == button["key"]):
                    code = self.new_code(card.task_id, userid)
                    card_type = card.content["card_type"]
                    return events.card_click(
                        userid, card.task_id, button["key"], code, card_type, self.agent_id
                    )
        raise AssertionError(f"{userid} has no card with {label}")

    def cursor(self, start: int) -> str:
        value = f"CURSOR_{start}"
        self.cursors[value] = start
        return value

    def new_code(self, task_id: str, userid: str | None) -> str:
        value, code = Code.new(task_id, userid, self.now())
        self.codes[value] = code
        return value

    def show(self, userid: str, kind: str, text: str, content: dict[str, Any]) -> None:
        self.shown.append(Shown(userid, kind, text, content))

    def show_reply(self, reply: dict[str, str], task_id: str) -> None:
        """A passive reply: a message, or new buttons on the card that was pressed."""
        userid = reply["ToUserName"]
        if task_id in self.cards and "Button.ReplaceName" in reply:
            self.cards[task_id].state[userid] = reply["Button.ReplaceName"]
        self.show(userid, reply["MsgType"], reply.get("Content", ""), dict(reply))

    def show_member(self, userid: str, kind: str, text: str, content: dict[str, Any]) -> None:
        """More than thirty a minute are dropped without a word."""
        member, now = self.members[userid], self.now()
        member.sent_at = [at for at in member.sent_at if at > now - 60]
        if len(member.sent_at) < 30:
            member.sent_at.append(now)
            self.show(userid, kind, text, content)

    def is_repeated(self, params: dict[str, Any]) -> bool:
        """With enable_duplicate_check the same message again is accepted and not shown."""
        if not params.get("enable_duplicate_check"):
            return False
        body, now = json.dumps(params, sort_keys=True), self.now()
        before = self._bodies.get(body, float("-inf"))
        self._bodies[body] = now
        return now - before < params.get("duplicate_check_interval", 1800)

    def check_token(self, token: str) -> None:
        self.tokens.check(token)
