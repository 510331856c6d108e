"""``frontdoor channels check`` for WeCom: what an administrator got wrong, before a push finds out."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.wecom.api import WeComApi
from bot.wecom.errors import Failed
from core.database import Database
from core.messaging.channel import Later
from core.messaging.credential import Credentials
from core.messaging.finding import Finding
from core.staff.model import Staff

MOST_SKEW = 60  # seconds; a callback that is 300 s off is refused
_IP = re.compile(r"from ip:\s*([0-9a-fA-F.:]+)")
# The number → what to say; the words name the page of the console where it is put right.
_REFUSED = {
    40001: "check.wecom.secret_wrong",
    40013: "check.wecom.corp_wrong",
    301002: "check.wecom.agent_wrong",
    60020: "check.wecom.ip",
}
_UNKNOWN_MEMBER, _OUT_OF_SIGHT = (60111, 40003), (60011,)


def check(settings: Any) -> list[Finding]:
    """Everything found, in the order in which it is put right."""
    database = Database(settings.database)
    try:
        api = WeComApi(
            corp_id=settings.wecom_corp_id,
            agent_id=settings.wecom_agent_id,
            secret=settings.wecom_secret,
            url=settings.wecom_api_url,
            credentials=Credentials(database),
        )
        return list(_findings(settings, api, database))
    finally:
        database.close()


def _findings(settings: Any, api: WeComApi, database: Database) -> Iterator[Finding]:
    try:
        token = api.ask_for_token().get("access_token", "")
        yield Finding(True, "check.wecom.token_ok")
        yield _clock(settings.wecom_api_url)
        yield from _app(api, token)
        yield from _staff(api, token, database)
    except Failed as failed:
        yield _refused(failed)
    except Later as lost:
        yield Finding(False, "check.wecom.away", {"why": str(lost)})
    yield Finding(None, "check.wecom.callback", {"url": f"{settings.public_url.rstrip('/')}/webhooks/wecom"})


def _refused(failed: Failed) -> Finding:
    values: dict[str, Any] = {"code": failed.code, "why": str(failed)[:120]}
    if failed.code == 60020:
        seen = _IP.search(str(failed))
        values["ip"] = seen[1].rstrip(".,") if seen else "?"
    return Finding(False, _REFUSED.get(failed.code, "check.wecom.refused"), values)


def _clock(url: str) -> Finding:
    """Callbacks are signed with WeCom's time."""
    try:
        with requests.Session() as session:
            session.trust_env = urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1")
            answer = session.get(f"{url.rstrip('/')}/cgi-bin/gettoken", timeout=8)
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError, TypeError):
        return Finding(None, "check.wecom.clock_unknown")
    seconds = round((datetime.now(UTC) - theirs).total_seconds())
    good = abs(seconds) <= MOST_SKEW
    return Finding(good, "check.wecom.clock_ok" if good else "check.wecom.clock_off", {"seconds": seconds})


def _app(api: WeComApi, token: str) -> Iterator[Finding]:
    app = api.ask("agent/get", agentid=api.agent_id, access_token=token)
    if app.get("close"):
        yield Finding(False, "check.wecom.app_off")
    people = len((app.get("allow_userinfos") or {}).get("user") or [])
    parties = len((app.get("allow_partys") or {}).get("partyid") or [])
    tags = len((app.get("allow_tags") or {}).get("tagid") or [])
    key = "check.wecom.range_ok" if people + parties + tags else "check.wecom.range_empty"
    yield Finding(bool(people + parties + tags), key, {"people": people, "parties": parties})


def _staff(api: WeComApi, token: str, database: Database) -> Iterator[Finding]:
    try:
        with database.reading() as session:
            linked = select(Staff.name, Staff.wecom_id).where(Staff.active, Staff.wecom_id.is_not(None))
            people = session.execute(linked.order_by(Staff.id)).all()
    except DBAPIError:
        yield Finding(None, "check.wecom.no_database")
        return
    bad = [finding for name, account in people if (finding := _person(api, token, name, account or ""))]
    yield from bad
    if not people:
        yield Finding(None, "check.wecom.no_staff")
    elif not bad:
        yield Finding(True, "check.wecom.staff_ok", {"count": len(people)})
        yield _groups(api, token, [account or "" for _, account in people])


def _groups(api: WeComApi, token: str, owners: list[str]) -> Finding:
    """Whether Q&A groups are possible; a house without them lacks nothing."""
    body = {"status_filter": 0, "owner_filter": {"userid_list": owners[:100]}, "limit": 1}
    try:
        api.ask("externalcontact/groupchat/list", body, access_token=token)
    except Failed as failed:
        return Finding(None, "check.wecom.no_groups", {"why": str(failed)[:120]})
    return Finding(True, "check.wecom.groups_ok")


def _person(api: WeComApi, token: str, name: str, account: str) -> Finding | None:
    try:
        api.ask("user/get", userid=account, access_token=token)
    except Failed as failed:
        values = {"name": name, "account": account, "code": failed.code}
        if failed.code in _UNKNOWN_MEMBER:
            return Finding(False, "check.wecom.member_unknown", values)
        if failed.code in _OUT_OF_SIGHT:
            return Finding(False, "check.wecom.member_unseen", values)
        raise
    return None
