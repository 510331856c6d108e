"""What the published schema says of a call or of an update: a list of problems, empty when it fits."""

import json
import re
from pathlib import Path
from typing import Any

API = json.loads(Path(__file__).with_name("bot_api.json").read_text())
METHODS: dict[str, dict[str, list[Any]]] = API["methods"]
NAMES = {name.lower(): name for name in METHODS}  # Telegram does not mind the case
BOOLEANS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


def alternatives(kind: str) -> list[str]:
    if kind in API["unions"]:
        return API["unions"][kind]
    return re.split(r", | or | and ", kind)


def problems(value: Any, kind: str, where: str = "") -> list[str]:
    """Why the value is not of this kind."""
    if kind.startswith("Array of "):
        return array_problems(value, kind.removeprefix("Array of "), where)
    choices = alternatives(kind)
    if len(choices) > 1:
        return min((problems(value, choice, where) for choice in choices), key=len)
    if kind in API["types"]:
        return object_problems(value, kind, where)
    return [] if is_plain(value, kind) else [f"{where}: {value!r} is not {kind}"]


def array_problems(value: Any, kind: str, where: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{where}: {value!r} is not an array"]
    return [found for i, item in enumerate(value) for found in problems(item, kind, f"{where}[{i}]")]


def object_problems(value: Any, kind: str, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is not {kind}"]
    return field_problems(value, API["types"][kind], where or kind)


def field_problems(value: dict[str, Any], fields: dict[str, list[Any]], where: str) -> list[str]:
    found = [f"{where}: unknown field {name}" for name in value if name not in fields]
    found += [
        f"{where}: {name} is missing" for name, (_, must) in fields.items() if must and name not in value
    ]
    for name in value.keys() & fields.keys():
        found += problems(value[name], fields[name][0], f"{where}.{name}")
    return found


def is_plain(value: Any, kind: str) -> bool:
    if kind in ("Integer", "Float"):
        allowed: tuple[type, ...] = (int,) if kind == "Integer" else (int, float)
        return isinstance(value, allowed) and not isinstance(value, bool)
    if kind in ("Boolean", "True"):
        return isinstance(value, bool) and (value or kind == "Boolean")
    return isinstance(value, str)  # String; a file is the name of its part


def read(raw: Any, kind: str) -> Any:
    """A form sends everything as text; unreadable values stay as they are and do not fit."""
    if not isinstance(raw, str) or kind == "String" or kind.startswith("InputFile"):
        return raw
    if kind in ("Integer", "Integer or String"):
        return int(raw) if re.fullmatch(r"-?\d+", raw) else raw
    if kind in ("Boolean", "True"):
        return BOOLEANS.get(raw, raw)
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def check(method: str, raw: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The parameters of a call as typed values, and what is wrong with them."""
    fields = METHODS[method]
    params = {name: read(value, fields[name][0]) if name in fields else value for name, value in raw.items()}
    return params, field_problems(params, fields, method)
