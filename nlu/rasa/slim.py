"""What a server does without: 0.2 GB of a trained model's memory. Training does not see this file."""

import ctypes
import gc
import os
import sys
import tempfile
from typing import Dict, List


def without_jax() -> None:
    """TensorFlow, which Rasa imports, takes jax along for a converter that nobody here calls."""
    sys.modules.setdefault("jax", None)  # an ImportError, which TensorFlow expects


def slim(components: List) -> None:
    """Heads share their words; the encoder's 128,000 word pieces stay on disk."""
    words: Dict[str, str] = {}
    for component in components:
        for head in getattr(component, "heads", {}).values():
            head.vocabulary = {words.setdefault(word, word): row for word, row in head.vocabulary.items()}
        reader = getattr(component, "_reader", None)
        if reader is not None:
            reader._encoder._net.table = OnDisk(reader._encoder._net.table)
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


class OnDisk:
    """A table whose rows are read when asked for; a map of the file would draw in sixteen pages for each one touched."""

    def __init__(self, table) -> None:
        self._file, self._kind, self._size = tempfile.TemporaryFile(), table.dtype, table[0].nbytes
        table.tofile(self._file)
        self._file.flush()

    def __getitem__(self, rows):
        """The rows one below the other; processes that share the file share no place in it."""
        import numpy as np

        read = b"".join(os.pread(self._file.fileno(), self._size, int(row) * self._size) for row in rows)
        return np.frombuffer(read, self._kind).reshape(len(rows), -1)
