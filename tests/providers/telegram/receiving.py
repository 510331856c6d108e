"""getUpdates, the webhook's settings, commands, files."""

import json
from typing import Any

from tests.providers.record import Call
from tests.providers.telegram.errors import Refused
from tests.providers.telegram.state import State

TWENTY_MEGABYTES = 20 * 1024 * 1024


def get_me(state: State, call: Call) -> dict[str, Any]:
    return state.bot


def set_webhook(state: State, call: Call) -> bool:
    state.webhook = dict(call.params)
    state.allowed = call.params.get("allowed_updates", state.allowed)
    if call.params.get("drop_pending_updates"):
        state.pending.clear()
    return True


def delete_webhook(state: State, call: Call) -> bool:
    state.webhook = {"url": ""}
    if call.params.get("drop_pending_updates"):
        state.pending.clear()
    return True


def webhook_info(state: State, call: Call) -> dict[str, Any]:
    info = {
        "url": state.webhook["url"],
        "has_custom_certificate": False,
        "pending_update_count": len(state.pending),
    }
    told = ("max_connections", "ip_address", "last_error_date", "last_error_message")
    info |= {name: state.webhook[name] for name in told if name in state.webhook}
    return info | ({"allowed_updates": state.allowed} if state.allowed else {})


def confirm(state: State, params: dict[str, Any]) -> None:
    """Whoever asks from an offset has taken everything before it."""
    offset = params.get("offset", 0)
    if offset < 0:
        state.pending[:] = state.pending[offset:]
    else:
        state.pending[:] = [update for update in state.pending if update["update_id"] >= offset]
    state.allowed = params.get("allowed_updates", state.allowed)


def waiting(state: State, params: dict[str, Any]) -> list[dict[str, Any]]:
    return state.pending[: params.get("limit", 100)]


def command_key(params: dict[str, Any]) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), params.get("language_code", "")


def set_commands(state: State, call: Call) -> bool:
    state.commands[command_key(call.params)] = call.params["commands"]
    return True


def get_commands(state: State, call: Call) -> list[dict[str, str]]:
    return state.commands.get(command_key(call.params), [])


def delete_commands(state: State, call: Call) -> bool:
    state.commands.pop(command_key(call.params), None)
    return True


def get_file(state: State, call: Call) -> dict[str, Any]:
    file_id = call.params["file_id"]
    if file_id not in state.files:
        raise Refused("wrong file_id or the file is temporarily unavailable")
    size = len(state.files[file_id])
    if size > TWENTY_MEGABYTES:
        raise Refused("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": file_id[:12],
        "file_size": size,
        "file_path": f"files/{file_id}",
    }
