"""What texts mean, kept across restarts: one file for a model, in which each sense lies under its text's hash."""

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

_log = structlog.get_logger()
_MODEL = re.compile(r"[0-9a-f]{8,64}")  # it becomes a file's name
_FIRST = b"frontdoor senses 1\n"
_HASH, _SENSE, _SUM = 16, 1024, 32  # bytes
_STALE_SECONDS = 3600.0  # another process may still work with an earlier model, or be writing


def text_hash(text: str) -> bytes:
    """16 bytes, under which a text's sense lies; the text itself is not kept."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_HASH).digest()


@dataclass(frozen=True)
class Told:
    """What one model said of texts, by their hashes; no ``model``: it does not say which it is, so nothing is kept."""

    model: str = ""
    senses: dict[bytes, bytes] = field(default_factory=dict)


class KeptSenses:
    """``model`` tells the fingerprint of the model that encodes now, or nothing. A file that is damaged counts as none."""

    def __init__(self, folder: Path, model: Callable[[], str]) -> None:
        self._folder, self._model = folder, model

    def read(self) -> Told:
        """What the present model said before."""
        model = self._model()
        if not _MODEL.fullmatch(model):
            return Told()
        try:
            return Told(model, _unpacked(self._file(model).read_bytes()))
        except FileNotFoundError:
            return Told(model)
        except (OSError, ValueError) as problem:
            _log.warning("kept senses cannot be read, so texts are encoded anew", reason=str(problem))
            return Told(model)

    def write(self, told: Told, wanted: Collection[bytes]) -> None:
        """Keep the texts that are ``wanted`` and drop all others; whole or not at all, however many write at once."""
        if not told.model or self._model() != told.model:
            return  # another model took over meanwhile, and who said which is not known
        target = self._file(told.model)
        fresh = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(_packed({name: told.senses[name] for name in wanted if name in told.senses}))
            fresh.replace(target)
            self._drop_others(target)
        except OSError as problem:  # the next start encodes again
            _log.warning("senses not kept", reason=str(problem))
            with suppress(OSError):
                fresh.unlink()

    def _file(self, model: str) -> Path:
        return self._folder / f"{model}.senses"

    def _drop_others(self, target: Path) -> None:
        """Files of earlier models, and what a process left that died while it wrote."""
        for path in self._folder.iterdir():
            if path != target and time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink(missing_ok=True)


def _packed(senses: dict[bytes, bytes]) -> bytes:
    body = b"".join(name + sense for name, sense in senses.items() if len(sense) == _SENSE)
    return _FIRST + hashlib.sha256(body).digest() + body


def _unpacked(content: bytes) -> dict[bytes, bytes]:
    """Raises ValueError where it is not what was written."""
    head, row = len(_FIRST) + _SUM, _HASH + _SENSE
    body = content[head:]
    if not content.startswith(_FIRST) or hashlib.sha256(body).digest() != content[len(_FIRST) : head]:
        raise ValueError("damaged")
    return {
        body[start : start + _HASH]: body[start + _HASH : start + row] for start in range(0, len(body), row)
    }
