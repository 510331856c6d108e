"""Chats and their members, invitations and requests to join."""

from typing import Any

from tests.providers.record import Call
from tests.providers.telegram.errors import Refused, kicked
from tests.providers.telegram.state import Chat, State

FULL = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": None}
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(state: State, call: Call) -> dict[str, Any]:
    info = state.chat(call.params["chat_id"]).info
    return FULL | {"accepted_gift_types": dict.fromkeys(GIFTS, False)} | info


def get_member(state: State, call: Call) -> dict[str, Any]:
    chat = state.chat(call.params["chat_id"])
    user_id = call.params["user_id"]
    status = chat.members.get(user_id, "administrator" if user_id == state.bot["id"] else "left")
    user = state.bot if user_id == state.bot["id"] else {"id": user_id, "is_bot": False, "first_name": "成员"}
    return member(user, status)


def member(user: dict[str, Any], status: str) -> dict[str, Any]:
    """A ChatMember with the fields its status demands."""
    rights = (
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
    )
    rights += ("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users")
    rights += ("can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages")
    extra: dict[str, Any] = {
        "creator": {"is_anonymous": False},
        "administrator": dict.fromkeys(rights, False) | {"can_manage_chat": True, "can_invite_users": True},
        "kicked": {"until_date": 0},
    }.get(status, {})
    return {"user": user, "status": status} | extra


def create_invite(state: State, call: Call) -> dict[str, Any]:
    chat = state.chat(call.params["chat_id"])
    if chat.members.get(state.bot["id"], "administrator") not in ("administrator", "creator"):
        raise Refused("not enough rights to manage chat invite link")
    link = {
        "invite_link": f"https://t.me/+invite{len(state.invites) + 1:06d}",
        "creator": state.bot,
        "creates_join_request": call.params.get("creates_join_request", False),
        "is_primary": False,
        "is_revoked": False,
    }
    link |= {
        name: call.params[name] for name in ("name", "expire_date", "member_limit") if name in call.params
    }
    state.invites.append(link)
    return link


def revoke_invite(state: State, call: Call) -> dict[str, Any]:
    for link in state.invites:
        if link["invite_link"] == call.params["invite_link"]:
            link["is_revoked"] = True
            return link
    raise Refused("INVITE_HASH_EXPIRED")


def decide(state: State, call: Call) -> bool:
    state.chat(call.params["chat_id"])
    key = call.params["chat_id"], call.params["user_id"]
    if state.join_requests.get(key) != "pending":
        raise Refused("HIDE_REQUESTER_MISSING" if key in state.join_requests else "USER_ID_INVALID")
    approved = call.method == "approveChatJoinRequest"
    state.join_requests[key] = "approved" if approved else "declined"
    if approved:
        state.chats[key[0]].members[key[1]] = "member"
    return True


def ban(state: State, call: Call) -> bool:
    chat = admin_of(state, call)
    chat.members[call.params["user_id"]] = "kicked"
    return True


def unban(state: State, call: Call) -> bool:
    chat = admin_of(state, call)
    if chat.members.get(call.params["user_id"]) == "kicked":
        chat.members[call.params["user_id"]] = "left"
    return True


def permit(state: State, call: Call) -> bool:
    admin_of(state, call).info["permissions"] = call.params["permissions"]
    return True


def admin_of(state: State, call: Call) -> Chat:
    """The chat, where the bot may restrict members."""
    chat = state.chat(call.params["chat_id"])
    if chat.members.get(state.bot["id"], "administrator") not in ("administrator", "creator"):
        raise Refused("not enough rights to restrict/unrestrict chat member")
    return chat


def leave(state: State, call: Call) -> bool:
    state.chat(call.params["chat_id"]).refuses = kicked()
    return True
