"""Waiting for what must come, however busy the machine is."""

import time
from collections.abc import Callable

PATIENCE = 60  # seconds until a test gives up; never what is measured


def until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Returns as soon as it holds; ``seconds`` for what a provider's limits alone let take long."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)
