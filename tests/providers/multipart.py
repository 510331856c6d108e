"""Uploaded files, as the client libraries send them."""

import re


def parts(kind: str, body: bytes) -> list[tuple[str, str | None, bytes]]:
    """Name, file name (None for a plain field) and content of each part."""
    boundary = re.search(r'boundary="?([^";]+)', kind)
    assert boundary, kind
    found = []
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'[ ;]name="([^"]*)"', head)
        filename = re.search(rb'filename="([^"]*)"', head)
        assert name, head
        found.append((name[1].decode(), filename[1].decode() if filename else None, content))
    return found
