"""What ``frontdoor channels check`` finds out: what all channels need, and what each one's provider says."""

import ipaddress
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.channel_settings import channel_problems, is_on
from core.database import Database
from core.messaging.finding import Finding
from core.messaging.moment import database_clock

# channel → the module whose check(settings) asks its provider
CHECKS = {
    "wechat": "bot.wechat.check",
    "wecom": "bot.wecom.check",
    "telegram": "bot.telegram.check",
    "jambonz": "ivr.jambonz.check",
    "smtp": "bot.email.check",
}
CALLED = ("wechat", "wecom", "jambonz")  # their providers call us; Telegram can be polled
PATIENCE = 20.0  # seconds for a provider
MOST_SKEW = 2.0  # seconds between this machine and the database
_log = structlog.get_logger()


def check_all(
    settings: Any, database: Database | None, patience: float = PATIENCE
) -> dict[str, list[Finding]]:
    """channel → findings, ``all`` first. The providers are asked at the same time."""
    asked = {name: _Asked(CHECKS[name], settings) for name in CHECKS if is_on(settings, name)}
    found = {"all": check_common(settings, database), "webchat": [Finding(True, "check.on")]}
    for name in CHECKS:
        found[name] = asked[name].findings(patience) if name in asked else [Finding(None, "check.off")]
    return found


class _Asked:
    """One provider, asked on a thread that nobody waits for longer than their patience."""

    def __init__(self, module: str, settings: Any) -> None:
        self._module, self._settings = module, settings
        self._found: list[Finding] = []
        self._thread = threading.Thread(target=self._ask, name=module, daemon=True)
        self._thread.start()

    def findings(self, patience: float) -> list[Finding]:
        self._thread.join(patience)
        if self._thread.is_alive():
            return [Finding(False, "check.slow", {"seconds": round(patience)})]
        return self._found

    def _ask(self) -> None:
        try:
            check = _check_of(self._module)
            self._found = list(check(self._settings)) if check else [Finding(None, "check.none")]
        except Exception as error:  # its words may hold an address with a token in it: only its kind is told
            _log.warning("check failed", module=self._module, problem=type(error).__name__)
            self._found = [Finding(False, "check.failed", {"problem": type(error).__name__})]


def _check_of(module: str) -> Callable[[Any], list[Finding]] | None:
    """The channel's own check; None where this version has none."""
    try:
        there = find_spec(module) is not None
    except ModuleNotFoundError:
        there = False
    return getattr(import_module(module), "check", None) if there else None


def check_common(settings: Any, database: Database | None) -> list[Finding]:
    """Settings, the address as seen from outside, the clock."""
    halves = [Finding(False, "check.setting", {"problem": problem}) for problem in channel_problems(settings)]
    return [*halves, *_address(settings), *_clock(database)]


def _address(settings: Any) -> list[Finding]:
    url = settings.public_url
    called = [name for name in CALLED if is_on(settings, name)]
    if not url:
        return [Finding(False if called else None, "check.url_missing")]
    parts = urlsplit(url)
    if parts.scheme != "https":
        return [Finding(False, "check.url_plain", {"url": url})]
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError):
        return [Finding(False, "check.url_unknown", {"host": parts.hostname or "—"})]
    addresses = sorted({str(row[4][0]).partition("%")[0] for row in found})
    outside = [address for address in addresses if ipaddress.ip_address(address).is_global]
    key = "check.url" if outside else "check.url_inside"
    values = {"host": parts.hostname, "addresses": ", ".join(outside or addresses)}
    return [Finding(bool(outside), key, values)]


def _clock(database: Database | None) -> list[Finding]:
    if database is None:
        return [Finding(False, "check.database")]
    before = datetime.now(UTC)
    try:
        with database.reading() as session:
            theirs = session.scalar(select(database_clock()))
    except SQLAlchemyError:
        return [Finding(False, "check.database")]
    after = datetime.now(UTC)
    assert theirs is not None
    # Between the two looks is no skew at all.
    skew = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    good = skew <= MOST_SKEW
    return [Finding(good, "check.clock" if good else "check.clock_wrong", {"seconds": f"{skew:.1f}"})]
