"""message/send, update_template_card and the group robot."""

import itertools
from typing import TYPE_CHECKING, Any

from tests.providers.record import Call
from tests.providers.tencent import Refused, need, wrong
from tests.providers.wecom.people import Card, Code
from tests.providers.wecom.shapes import LIMITS, NOTICES, check_card, check_text

if TYPE_CHECKING:
    from tests.providers.wecom.server import WeComServer

KINDS = {"text", "markdown", "template_card", "image", "textcard"}
OPTIONAL = ("touser", "toparty", "totag", "safe", "enable_id_trans", "enable_duplicate_check")
OPTIONAL += ("duplicate_check_interval",)
_msgids = itertools.count(1)


def send(server: "WeComServer", call: Call) -> dict[str, Any]:
    params = call.params
    kind = params.get("msgtype", "")
    if kind not in KINDS:
        raise wrong(40008)
    need(params, 40058, "msgtype", "agentid", kind, optional=OPTIONAL)
    if str(params["agentid"]) != str(server.agent_id):
        raise Refused(301002)
    text = check(server, kind, params[kind])
    people = [name for name in params.get("touser", "").split("|") if name]
    if len(people) > 1000:
        raise wrong(40058, "invalid Request Parameter: more than 1000 users")
    known = (
        list(server.members) if people == ["@all"] else [name for name in people if name in server.members]
    )
    if not known:
        raise Refused(81013)
    licensed = [name for name in known if server.members[name].licensed]
    answer: dict[str, Any] = {"msgid": f"msg-{next(_msgids):08d}"}
    answer |= named("invaliduser", [n for n in people if n not in server.members and n != "@all"])
    answer |= named("unlicenseduser", [name for name in known if name not in licensed])
    if not server.is_repeated(params):
        for name in licensed:
            server.show_member(name, kind, text, params[kind])
    return answer | remember_card(server, kind, params, licensed)


def named(field: str, people: list[str]) -> dict[str, str]:
    return {field: "|".join(people)} if people else {}


def check(server: "WeComServer", kind: str, content: dict[str, Any]) -> str:
    if kind in LIMITS:
        return check_text(kind, content, LIMITS[kind])
    if kind == "template_card":
        text = check_card(content)
        if content.get("task_id") in server.cards:
            # The number WeCom gives here is not documented; do not depend on it.
            raise wrong(40058, "invalid Request Parameter: task_id is used already")
        return text
    return str(content.get("title", ""))


def remember_card(
    server: "WeComServer", kind: str, params: dict[str, Any], people: list[str]
) -> dict[str, Any]:
    card = params[kind]
    if kind != "template_card" or card["card_type"] in NOTICES:
        return {}
    server.cards[card["task_id"]] = Card(card["task_id"], card, people)
    return {"response_code": server.new_code(card["task_id"], None)}


def update_card(server: "WeComServer", call: Call) -> dict[str, Any]:
    params = call.params
    optional = ("userids", "partyids", "tagids", "atall", "button", "template_card", "enable_id_trans")
    need(params, 40058, "agentid", "response_code", optional=optional)
    if ("button" in params) == ("template_card" in params):
        raise wrong(40058, "invalid Request Parameter: either button or template_card")
    code: Code | None = server.codes.get(params["response_code"])
    if code is None or code.used or code.until <= server.now():
        # As above: only that it fails is documented, not the number.
        raise Refused(40058, "invalid Request Parameter: response_code is used or expired")
    new_text = check_card(params["template_card"]) if "template_card" in params else ""
    code.used = True
    card = server.cards[code.task_id]
    people = card.readers if params.get("atall") else params.get("userids") or [code.userid or ""]
    for name in set(people) & set(card.readers):
        card.state[name] = params["button"]["replace_name"] if "button" in params else new_text
    return named("invaliduser", sorted(set(people) - set(card.readers) - {""}))


def robot(server: "WeComServer", call: Call) -> dict[str, Any]:
    """webhook/send?key=: one-way, twenty messages a minute."""
    key, kind = call.params.get("key", ""), call.params.get("msgtype", "")
    if key not in server.robots:
        raise Refused(93000)
    if kind not in ("text", "markdown", "template_card"):
        raise wrong(40008)
    need(call.params, 40058, "key", "msgtype", kind)
    content = call.params[kind]
    limit = 4096 if kind == "markdown" else 2048
    text = check_card(content, NOTICES) if kind == "template_card" else check_text(kind, content, limit)
    now = server.now()
    server.robots[key] = [at for at in server.robots[key] if at > now - 60]
    if len(server.robots[key]) >= 20:
        raise Refused(45009)
    server.robots[key].append(now)
    server.show(key, kind, text, content)
    return {}
