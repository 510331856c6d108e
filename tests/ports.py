"""Ports for servers of tests, each test process from a range of its own."""

import itertools
import os
import socket

FIRST, EACH = 20_000, 1_500  # below what systems give to outgoing connections, which come and go meanwhile


def free_port() -> int:
    """A port that nobody listens on and nobody else here will be given."""
    for port in _mine:
        with socket.socket() as probe:
            # As servers do: a port whose last connections still linger is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("unreachable")


def _of_this_process() -> "itertools.cycle[int]":
    """Worker gwN of xdist has the Nth range; within it, where to begin differs from process to process."""
    first = FIRST + EACH * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8)
    ports = range(first, first + EACH)
    begin = os.getpid() % EACH
    return itertools.cycle([*ports[begin:], *ports[:begin]])


_mine = _of_this_process()
