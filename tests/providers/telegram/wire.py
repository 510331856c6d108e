"""A Bot API call as it arrives: query, form, JSON or multipart."""

import json
from typing import Any
from urllib.parse import parse_qsl

from tests.providers.http import Request
from tests.providers.multipart import parts


def parameters(request: Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The parameters as sent, and the uploaded files by the name of their part."""
    kind = request.headers.get("content-type", "")
    params: dict[str, Any] = dict(request.query)
    files: dict[str, bytes] = {}
    if kind.startswith("application/json"):
        params |= json.loads(request.body or b"{}")
    elif kind.startswith("multipart/form-data"):
        for name, filename, content in parts(kind, request.body):
            if filename is None:
                params[name] = content.decode()
            else:
                files[name] = content
    else:
        params |= dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    for name in files:
        params.setdefault(name, f"attach://{name}")
    used = {text for text in params.values() if isinstance(text, str)}
    # A part that only carries the bytes for `attach://name` is no parameter of its own.
    extra = [name for name in files if f"attach://{name}" in used - {params[name]}]
    return {name: value for name, value in params.items() if name not in extra}, files
