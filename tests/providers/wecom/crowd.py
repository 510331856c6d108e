"""What people do in customer groups. Each returns the event that WeCom then sends, or None when nothing happens."""

import itertools
from typing import TYPE_CHECKING, Any

from tests.providers.envelope import Fields
from tests.providers.wecom import events
from tests.providers.wecom.broadcasts import new_msgid
from tests.providers.wecom.people import Group, MassMessage

if TYPE_CHECKING:
    from tests.providers.wecom.server import WeComServer

STAFF, CUSTOMER = 1, 2
INVITED, SCANNED = 1, 3  # join_scene
_chats = itertools.count(1)


class Crowd:
    """Mixed into the server: ``server.opens_group(…)``, ``server.scans(…)``."""

    groups: dict[str, Group]
    join_ways: dict[str, dict[str, Any]]
    mass_messages: list[MassMessage]

    def opens_group(self: "WeComServer", owner: str, name: str = "售后学习群", chat_id: str = "") -> Fields:
        """A member of staff makes a customer group on the phone, which no API can."""
        chat_id = chat_id or f"wrOgQhDgAA{next(_chats):022d}"
        first = {
            "userid": owner,
            "type": STAFF,
            "join_time": int(self.now()),
            "join_scene": INVITED,
            "name": owner,
        }
        self.groups[chat_id] = Group(chat_id, name, owner, [first], int(self.now()))
        return events.group_created(chat_id)

    def scans(self: "WeComServer", picture: str, userid: str, name: str = "微信用户") -> Fields | None:
        """A customer scans a join way's picture, wherever they have it from."""
        way = next((way for way in self.join_ways.values() if way["qr_code"] == picture), None)
        group = next((self.groups[c] for c in way["chat_id_list"] if c in self.groups), None) if way else None
        if way is None or group is None or group.has(userid):
            return None
        member = {"userid": userid, "type": CUSTOMER, "join_scene": SCANNED, "name": name}
        return self._joins(group, member | ({"state": way["state"]} if way.get("state") else {}))

    def is_invited(self: "WeComServer", chat_id: str, userid: str, by: str, name: str = "微信用户") -> Fields:
        """Somebody in the group brings somebody along: no state."""
        member = {"userid": userid, "type": CUSTOMER, "join_scene": INVITED, "name": name}
        return self._joins(self.groups[chat_id], member | {"invitor": {"userid": by}})

    def leaves(self: "WeComServer", chat_id: str, userid: str, removed: bool = False) -> Fields:
        group = self.groups[chat_id]
        versions = group.change([m for m in group.members if m["userid"] != userid])
        return events.left_group(chat_id, userid, *versions, scene=1 if removed else 0)

    def dismisses(self: "WeComServer", chat_id: str) -> Fields:
        del self.groups[chat_id]
        return events.group_dismissed(chat_id)

    def hands_over(self: "WeComServer", chat_id: str, owner: str) -> Fields:
        self.groups[chat_id].owner = owner
        return events.group_changed(chat_id, "change_owner")

    def confirms(self: "WeComServer", msgid: str, *, full: tuple[str, ...] = ()) -> None:
        """The owner taps 发送 on the phone: only now it is in the groups that are still theirs, but for those ``full``."""
        (message,) = [one for one in self.mass_messages if one.msgid == msgid]
        message.sent_at = self.now()
        for chat_id in message.chat_ids:
            if chat_id in full:
                message.results[chat_id] = 3
            elif chat_id in self.groups and self.groups[chat_id].owner == message.sender:
                message.results[chat_id] = 1
                self.show(chat_id, "text", message.text, {"content": message.text})

    def writes(self: "WeComServer", userid: str, text: str, *chat_ids: str, creator: str = "") -> MassMessage:
        """A broadcast that a person makes: the member himself, or somebody in the administrator's pages."""
        made = MassMessage(new_msgid(), userid, list(chat_ids), text, created=self.now())
        made.creator, made.personal = creator or userid, not creator
        self.mass_messages.append(made)
        return made

    def quits(self: "WeComServer", userid: str) -> None:
        """A member of staff leaves the company; their groups stay theirs until somebody hands them over."""
        del self.members[userid]

    def _joins(self: "WeComServer", group: Group, member: dict[str, Any]) -> Fields:
        versions = group.change([*group.members, member | {"join_time": int(self.now())}])
        scene = 0 if member["join_scene"] == INVITED else SCANNED
        return events.joined_group(group.chat_id, member["userid"], *versions, scene=scene)
