"""An ASGI app on a real socket, in a thread of the test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from tests.waiting import until


@contextmanager
def serving(app: Any, **options: Any) -> Iterator[str]:
    """Its address; ``options`` are uvicorn's. By itself it ends when the last answer is out.

    With ``timeout_graceful_shutdown=0`` it does not wait for pages that still listen to it.
    """
    server = uvicorn.Server(uvicorn.Config(app, **{"port": 0, "log_level": "error", **options}))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
