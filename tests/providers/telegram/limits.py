"""Rules of the Bot API that its schema leaves to prose: lengths, characters, combinations."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.providers.telegram.entities import plain, utf16
from tests.providers.telegram.errors import wrong
from tests.providers.telegram.schema import API

ACTIONS = {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"}
ACTIONS |= {"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"}
BUTTON_LOOKS = {"text", "icon_custom_emoji_id", "style"}
PORTS = {None, 443, 80, 88, 8443}


def inside(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a parameter."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(item)


def check_text(params: dict[str, Any]) -> None:
    if "text" not in params or "callback_query_id" in params:
        return
    text = plain(params["text"], params.get("parse_mode"))
    if not text.strip():
        raise wrong("message text is empty")
    if utf16(text) > 4096:
        raise wrong("message is too long")


def check_caption(params: dict[str, Any]) -> None:
    for thing in inside(params):
        if utf16(plain(thing.get("caption", ""), thing.get("parse_mode"))) > 1024:
            raise wrong("message caption is too long")


def check_inline_keyboard(params: dict[str, Any]) -> None:
    for keyboard in inside(params):
        for button in (b for row in keyboard.get("inline_keyboard", ()) for b in row):
            if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
                raise wrong("BUTTON_DATA_INVALID")
            if len(button.keys() - BUTTON_LOOKS) != 1:
                raise wrong("can't parse inline keyboard button: exactly one action is allowed")


def check_reply_keyboard(params: dict[str, Any]) -> None:
    keyboard = params.get("reply_markup", {}).get("keyboard", ())
    buttons = [button for row in keyboard for button in row if isinstance(button, dict)]
    private = isinstance(params.get("chat_id"), int) and params["chat_id"] > 0
    for asked, thing in (("request_contact", "phone number"), ("request_location", "location")):
        if not private and any(button.get(asked) for button in buttons):
            raise wrong(f"{thing} can be requested in private chats only")


def check_commands(params: dict[str, Any]) -> None:
    commands = params.get("commands", [])
    if len(commands) > 100:
        raise wrong("BOT_COMMANDS_TOO_MUCH")
    for entry in commands:
        if not re.fullmatch("[a-z0-9_]{1,32}", entry["command"]):
            raise wrong("BOT_COMMAND_INVALID")
        if not 1 <= len(entry["description"]) <= 256:
            raise wrong("BOT_COMMAND_DESCRIPTION_INVALID")


def check_webhook(params: dict[str, Any]) -> None:
    if not re.fullmatch("[A-Za-z0-9_-]{0,256}", params.get("secret_token", "")):
        raise wrong("secret token contains unallowed characters")
    url = urlsplit(params.get("url", ""))
    if url.netloc and url.scheme != "https":
        raise wrong("bad webhook: An HTTPS URL must be provided for webhook")
    if url.port not in PORTS:
        raise wrong("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not 1 <= params.get("max_connections", 40) <= 100:
        raise wrong("max_connections must be between 1 and 100")


def check_updates(params: dict[str, Any]) -> None:
    if unknown := set(params.get("allowed_updates", ())) - API["types"]["Update"].keys():
        raise wrong(f"unknown update types {sorted(unknown)}")
    if not 1 <= params.get("limit", 100) <= 100:
        raise wrong("limit must be between 1 and 100")


def check_invite(params: dict[str, Any]) -> None:
    if "creates_join_request" not in params and "member_limit" not in params and "name" not in params:
        return
    if params.get("creates_join_request") and "member_limit" in params:
        raise wrong("member limit can't be specified for links requiring administrator approval")
    if len(params.get("name", "")) > 32 or not 1 <= params.get("member_limit", 1) <= 99999:
        raise wrong("invite link name or member limit is out of bounds")


def check_short(params: dict[str, Any]) -> None:
    if "callback_query_id" in params and len(params.get("text", "")) > 200:
        raise wrong("MESSAGE_TOO_LONG")
    if "action" in params and params["action"] not in ACTIONS:
        raise wrong("wrong parameter action in request")


CHECKS = {
    "setMyCommands": (check_commands,),
    "setWebhook": (check_webhook, check_updates),
    "getUpdates": (check_updates,),
    "createChatInviteLink": (check_invite,),
    "answerCallbackQuery": (check_short,),
    "sendChatAction": (check_short,),
}
EVERYWHERE = (check_text, check_caption, check_inline_keyboard, check_reply_keyboard)


def check(method: str, params: dict[str, Any]) -> None:
    """Raise the refusal Telegram would give."""
    for rule in (*CHECKS.get(method, ()), *EVERYWHERE):
        rule(params)
