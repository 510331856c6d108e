"""Whether an attempt of which we heard no end has put a message to its group's owner: WeCom takes no key of ours.

Its list of broadcasts (…/document/path/93338) tells the texts, its tasks tell the member; for which group, nobody tells
before it is sent. Where that may be another message's, nothing is said, and the owner is asked again.
"""

from datetime import UTC, datetime, timedelta

import structlog

from bot.wecom.broadcasts import DELIVERED, Broadcasts
from bot.wecom.errors import LATER, Failed
from core.groups.attempt import SINCE, TRIED, alike
from core.groups.confirm import CONFIRM
from core.house import House
from core.messaging.channel import Later, Outgoing

CHANNEL = "wecom"
SKEW = timedelta(minutes=1)  # between WeCom's clock and ours
# What was done a moment ago is not shown at once, and a call that we gave up may still be at work.
SETTLED, SHORTLY = timedelta(seconds=10), 2.0
_log = structlog.get_logger()


def asked_before(broadcasts: Broadcasts, house: House, message: Outgoing, owner: str) -> str:
    """WeCom's number of it; empty when there is none, or none that is surely this message's."""
    tried = message.extra[CONFIRM]
    since, now = datetime.fromisoformat(tried[SINCE]), datetime.now(UTC)
    try:
        found = _ours(broadcasts, house, message, owner, since - SKEW, now)
    except Failed as failed:
        if failed.code in LATER:
            raise
        _log.warning("WeCom does not list its broadcasts, the owner may be asked twice", code=failed.code)
        return ""
    if not found and now < datetime.fromisoformat(tried[TRIED]) + SETTLED:
        raise Later("WeCom may not show yet whether the owner was asked", delay=SHORTLY)
    return found


def _ours(
    broadcasts: Broadcasts, house: House, message: Outgoing, owner: str, since: datetime, until: datetime
) -> str:
    records = broadcasts.records(since, until)
    same = [one.msgid for one in records if one.msgid and one.text.strip() == message.text.strip()]
    if not same:
        return ""
    others = alike(house, message, CHANNEL)
    for msgid in same:
        if msgid not in others.numbers and _is_for(
            broadcasts, msgid, owner, message.recipient, others.unsure
        ):
            return msgid
    return ""


def _is_for(broadcasts: Broadcasts, msgid: str, owner: str, chat: str, unsure: bool) -> bool:
    task = broadcasts.task(msgid, owner)
    if task is None or not unsure:
        return task is not None
    result = broadcasts.result(msgid, owner, chat) if task.touched else None
    return result is not None and result.status == DELIVERED
