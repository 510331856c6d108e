"""Files by their file_id: from the configured host only, never more bytes than we want."""

from urllib.parse import quote

import httpx
from telegram import error

from bot.telegram.connection import Connection
from core.messaging.channel import Fetched, Later, Never

_SECONDS = 90.0
_GONE = (404, 410)


def download(connection: Connection, file_id: str, most: int) -> Fetched:
    """TelegramError where getFile is refused; Never when the file is too large or gone, Later otherwise."""
    try:
        file = connection.run(connection.bot.get_file(file_id))
    except error.BadRequest as refused:
        raise Never(f"getFile: {refused}", lost=False) from None
    if (file.file_size or 0) > most:
        raise Never(f"larger than {most} bytes", lost=False)
    base, path = f"{connection.bot.base_file_url}/", file.file_path or ""
    # PTB leaves the path of a file of this machine as it is; ours are all below Telegram's address.
    if not path.startswith(base) or ".." in path.split("/"):
        raise Never("Telegram names no file of its own", lost=False)
    return Fetched(connection.run(_bytes(connection, path.removeprefix(base), most), longest=_SECONDS))


async def _bytes(connection: Connection, path: str, most: int) -> bytes:
    url = f"{connection.bot.base_file_url}/{quote(path)}"
    content = bytearray()
    try:
        async with (
            httpx.AsyncClient(timeout=20, follow_redirects=False, **connection.http) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code in _GONE:
                raise Never("the file is gone", lost=False)
            if answer.status_code != 200:
                raise Later(f"file: status {answer.status_code}")
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > most:
                    raise Never(f"larger than {most} bytes", lost=False)
    except httpx.HTTPError as broken:  # its text may hold the address, and that the token
        raise Later(f"file: {type(broken).__name__}") from None
    return bytes(content)
