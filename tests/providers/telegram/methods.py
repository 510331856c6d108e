"""The methods this server plays. Any other is valid or not by the schema and then answered with 501."""

from collections.abc import Callable
from typing import Any

from tests.providers.record import Call
from tests.providers.telegram import groups, messages, receiving
from tests.providers.telegram.state import State

METHODS: dict[str, Callable[[State, Call], Any]] = {
    "getMe": receiving.get_me,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.webhook_info,
    "setMyCommands": receiving.set_commands,
    "getMyCommands": receiving.get_commands,
    "deleteMyCommands": receiving.delete_commands,
    "getFile": receiving.get_file,
    "sendMessage": messages.send_message,
    "sendPhoto": messages.send_media,
    "sendDocument": messages.send_media,
    "sendVoice": messages.send_media,
    "sendVideo": messages.send_media,
    "sendLocation": messages.send_location,
    "sendChatAction": messages.chat_action,
    "editMessageText": messages.edit_text,
    "editMessageReplyMarkup": messages.edit_markup,
    "deleteMessage": messages.delete_message,
    "answerCallbackQuery": messages.answer_callback,
    "getChat": groups.get_chat,
    "getChatMember": groups.get_member,
    "createChatInviteLink": groups.create_invite,
    "revokeChatInviteLink": groups.revoke_invite,
    "approveChatJoinRequest": groups.decide,
    "declineChatJoinRequest": groups.decide,
    "banChatMember": groups.ban,
    "unbanChatMember": groups.unban,
    "setChatPermissions": groups.permit,
    "leaveChat": groups.leave,
}
SENDING = {"sendMessage", "sendPhoto", "sendDocument", "sendVoice", "sendVideo", "sendLocation"}
