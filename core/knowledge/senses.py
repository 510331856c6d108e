"""What each answer means: the mean of what its wordings mean, told by the sentence encoder beside the language model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from core.knowledge.kept import KeptSenses, Told, text_hash

Encode = Callable[[Sequence[str]], list[bytes] | None]
BATCH = 16  # texts in one request: some 17 ms in which the server parses nobody's message


def vector(sense: bytes) -> Any:
    """The numbers of a sense, of length one."""
    return np.frombuffer(sense, dtype="<f2").astype(np.float32)


class Senses:
    """The answers' means, kept from one index to the next: after an edit only what changed is encoded again.

    ``kept`` has what was encoded before this process started.
    """

    def __init__(self, encode: Encode, kept: KeptSenses | None = None) -> None:
        self._encode, self._kept = encode, kept
        self._means: dict[bytes, Any] = {}

    def of(self, said: Mapping[str, Sequence[str]]) -> Any | None:
        """A row for each answer, in order; None when the encoder does not answer. What it did say so far is kept."""
        hashes = {key: _hash(wordings) for key, wordings in said.items()}
        wanted = set(hashes.values())
        self._means = {name: row for name, row in self._means.items() if name in wanted}
        if wanted - self._means.keys() and not self._all_told(said, hashes):
            return None
        return np.stack([self._means[hashes[key]] for key in said])

    def _all_told(self, said: Mapping[str, Sequence[str]], hashes: Mapping[str, bytes]) -> bool:
        """Whether every answer has its mean now; texts that were encoded are kept in either case."""
        told = self._kept.read() if self._kept else Told()
        before = set(told.senses)
        try:
            return all(
                hashes[key] in self._means or self._mean(hashes[key], wordings, told)
                for key, wordings in said.items()
            )
        finally:
            wanted = {text_hash(text) for wordings in said.values() for text in wordings}
            if self._kept and before != wanted & told.senses.keys():
                self._kept.write(told, wanted)

    def _mean(self, name: bytes, wordings: Sequence[str], told: Told) -> bool:
        """Work out the mean of an answer's wordings, as far as they are told already or the encoder answers."""
        new = [text for text in dict.fromkeys(wordings) if text_hash(text) not in told.senses]
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            some = self._encode(batch)
            if some is None:
                return False
            told.senses.update(zip(map(text_hash, batch), some, strict=True))
        total = np.sum([vector(told.senses[text_hash(text)]) for text in wordings], axis=0)
        self._means[name] = total / (np.linalg.norm(total) or 1.0)
        return True


def _hash(wordings: Sequence[str]) -> bytes:
    return text_hash("\0".join(wordings))
