"""Sending, editing and answering, as the Bot API does it."""

import hashlib
import time
from typing import Any

from tests.providers.record import Call
from tests.providers.telegram.entities import plain
from tests.providers.telegram.errors import Refused
from tests.providers.telegram.state import Chat, Message, State

SHOWN = {"inline_keyboard"}  # other keyboards belong to the chat and are not part of the message


def markup(params: dict[str, Any]) -> dict[str, Any]:
    keyboard = params.get("reply_markup") or {}
    return {"reply_markup": keyboard} if keyboard.keys() & SHOWN and keyboard["inline_keyboard"] else {}


def reply(chat: Chat, params: dict[str, Any]) -> dict[str, Any]:
    wanted = params.get("reply_parameters")
    if not wanted:
        return {}
    original = chat.messages.get(wanted["message_id"])
    if original is None and not wanted.get("allow_sending_without_reply"):
        raise Refused("message to be replied not found")
    return {"reply_to_message": original} if original else {}


def send_message(state: State, call: Call) -> Message:
    chat = state.chat(call.params["chat_id"])
    text = plain(call.params["text"], call.params.get("parse_mode"))
    content = {"text": text.strip()} | markup(call.params) | reply(chat, call.params)
    return state.add_message(chat, content)


def send_media(state: State, call: Call) -> Message:
    """One photo, document, voice or video: uploaded, or known by its file_id."""
    chat = state.chat(call.params["chat_id"])
    kind = call.method.removeprefix("send").lower()
    given = call.params[kind].removeprefix("attach://")
    content = call.files.get(given, call.files.get(kind))
    if content is None and given not in state.files and not given.startswith("https://"):
        raise Refused("wrong file identifier/HTTP URL specified")
    file_id = given if content is None else hashlib.sha1(content).hexdigest()
    if content is not None:
        state.files[file_id] = content
    described = {
        "file_id": file_id,
        "file_unique_id": file_id[:12],
        "file_size": len(state.files.get(file_id, b"")),
    }
    size = {"width": 800, "height": 600}
    media: Any = [described | size] if kind == "photo" else described
    media = described | size | {"duration": 1} if kind == "video" else media
    media = described | {"duration": 1} if kind == "voice" else media
    caption = plain(call.params.get("caption", ""), call.params.get("parse_mode"))
    extra = ({"caption": caption} if caption else {}) | markup(call.params) | reply(chat, call.params)
    return state.add_message(chat, {kind: media} | extra)


def send_location(state: State, call: Call) -> Message:
    place = {name: call.params[name] for name in ("latitude", "longitude")}
    chat = state.chat(call.params["chat_id"])
    return state.add_message(chat, {"location": place} | markup(call.params))


def edited(state: State, call: Call, change: dict[str, Any]) -> Message:
    chat = state.chat(call.params["chat_id"])
    message = chat.messages.get(call.params["message_id"])
    if message is None:
        raise Refused("message to edit not found")
    if message.get("from", {}).get("id") != state.bot["id"]:
        raise Refused("message can't be edited")
    kept = {name: value for name, value in message.items() if name not in ("reply_markup", "edit_date")}
    after = kept | change | markup(call.params)
    if after == {name: value for name, value in message.items() if name != "edit_date"}:
        raise Refused(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    chat.messages[message["message_id"]] = after | {"edit_date": int(time.time())}
    return chat.messages[message["message_id"]]


def edit_text(state: State, call: Call) -> Message:
    text = plain(call.params["text"], call.params.get("parse_mode")).strip()
    return edited(state, call, {"text": text})


def edit_markup(state: State, call: Call) -> Message:
    return edited(state, call, {})


def delete_message(state: State, call: Call) -> bool:
    if state.chat(call.params["chat_id"]).messages.pop(call.params["message_id"], None) is None:
        raise Refused("message to delete not found")
    return True


def chat_action(state: State, call: Call) -> bool:
    state.chat(call.params["chat_id"])
    return True


def answer_callback(state: State, call: Call) -> bool:
    query = call.params["callback_query_id"]
    if time.monotonic() - state.queries.get(query, float("-inf")) > state.query_seconds:
        raise Refused("query is too old and response timeout expired or query ID is invalid")
    state.answered[query].append(call.params)
    return True
