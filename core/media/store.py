"""Where files lie: one folder, named by content, so that the same photo sent twice is one file."""

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path

import puremagic

# What we keep, by what the bytes are, never by what the sender calls them. Others are kept as plain bytes.
SHOWN = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "audio/amr": ".amr",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "video/mp4": ".mp4",
    "application/pdf": ".pdf",
}
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True)
class Kept:
    """A file as rows know it: its path below the folder of the store, its type by its bytes, its size in bytes."""

    path: str
    mime: str
    size: int
    sha256: str


class MediaStore:
    """Files below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> Kept:
        """Write a file unless it is there; atomic, so a crash leaves no half file."""
        kept = named(content)
        target = self._folder / kept.path
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_suffix(f".{uuid.uuid4().hex}")
            fresh.write_bytes(content)
            fresh.replace(target)
        return kept

    def remove(self, path: str) -> None:
        """Take a file away; one that is gone already is gone."""
        try:
            self.open(path).unlink()
        except FileNotFoundError:
            return

    def open(self, path: str) -> Path:
        """The file of a row; FileNotFoundError when it is not there or not below the folder."""
        found = (self._folder / path).resolve()
        if not found.is_relative_to(self._folder.resolve()) or not found.is_file():
            raise FileNotFoundError(path)
        return found


def named(content: bytes) -> Kept:
    """What a file would be kept as; nothing is written."""
    name, mime = hashlib.sha256(content).hexdigest(), sniff(content)
    return Kept(f"{name[:2]}/{name}{SHOWN.get(mime, '.bin')}", mime, len(content), name)


def sniff(content: bytes) -> str:
    """The type of a file by its first bytes."""
    if content.startswith(b"#!AMR"):
        return "audio/amr"
    if content.startswith(b"ID3") or _mp3_frame(content):
        return "audio/mpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    try:
        found = puremagic.from_string(content[:4096], mime=True)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    found = {"image/jpg": "image/jpeg", "application/ogg": "audio/ogg", "video/ogg": "audio/ogg"}.get(
        found, found
    )
    return found if found in SHOWN else UNKNOWN


def _mp3_frame(content: bytes) -> bool:
    """Eleven bits of sync, then layer III: MP3 without a tag before it."""
    return len(content) > 2 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0 and content[1] >> 1 & 3 == 1
