"""What the staff commands share: an open house, a kind word for every error, and JSON on request."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import DBAPIError

from app.logs import to_stderr
from app.schema import is_current
from app.settings import load
from app.wiring import house_of
from core.clock import Clock, is_moved
from core.house import House


@contextmanager
def opened() -> Iterator[House]:
    """The house on its database; commands that find none, or an old one, say what to do and exit 2."""
    to_stderr(logging.WARNING)
    house = house_of(load())
    try:
        if not is_current(house.database):
            fail("the database is not set up; run 'frontdoor db upgrade' (or 'frontdoor serve')", 2)
        if is_moved(house.database):  # a demonstration's clock is everybody's, also without FRONTDOOR_DEMO
            house = replace(house, clock=Clock(house.database, demo=True))
        yield house
    except DBAPIError as error:
        fail(f"the database does not answer: {error.orig}", 2)
    finally:
        house.database.close()


def fail(message: str, code: int = 1) -> None:
    """End the command: one line on standard error, exit code ``code``."""
    print(f"frontdoor: {message}", file=sys.stderr)
    raise SystemExit(code)


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
