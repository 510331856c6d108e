"""Whether a group's owner has sent what he was asked to, from what WeCom shows of it (…/document/path/93338)."""

from dataclasses import dataclass

from bot.wecom.broadcasts import DELIVERED, HAD_ITS_FILL, UNKNOWN_MSGID, Broadcasts, Result, Task
from bot.wecom.customer_groups import CustomerGroups
from bot.wecom.errors import Failed
from core.groups.confirm import FAILED, SENT, WAITING
from core.groups.confirmed import Outcome
from core.messaging.channel import Later

# A member who has left, or was never in the app's sight. Which of them is told is not documented.
UNSEEN = (40003, 60011, 60111)
SHORTLY = 2.0  # seconds: what was done a moment ago is not shown at once


@dataclass(frozen=True)
class Asked:
    """``owner`` was asked under ``msgid`` to send something to ``chat``. ``patient``: what WeCom does not show yet may come."""

    msgid: str
    owner: str
    chat: str
    patient: bool


def read_back(broadcasts: Broadcasts, groups: CustomerGroups, asked: Asked) -> Outcome:
    """What became of it. Failed or Later when WeCom does not say."""
    try:
        task, result = _seen(broadcasts, asked)
    except Failed as failed:
        if failed.code != UNKNOWN_MSGID:
            raise
        return _soon(asked, "forgotten")
    if result is not None and result.status == DELIVERED:
        return Outcome(SENT, at=result.at or (task.at if task else None))
    if result is not None and result.status == HAD_ITS_FILL:
        return Outcome(FAILED, why="limit")
    return _why_not(groups, asked, task)


def _seen(broadcasts: Broadcasts, asked: Asked) -> tuple[Task | None, Result | None]:
    try:
        task = broadcasts.task(asked.msgid, asked.owner)
        touched = task is not None and task.touched
        return task, broadcasts.result(asked.msgid, asked.owner, asked.chat) if touched else None
    except Failed as failed:
        if failed.code not in UNSEEN:
            raise
        return None, None


def _why_not(groups: CustomerGroups, asked: Asked, task: Task | None) -> Outcome:
    """It is not in the group: may it still come there?"""
    group = groups.group(asked.chat)
    if group is None:
        return Outcome(FAILED, why="deleted")
    if task is not None and task.touched:
        return _soon(asked, "not_in_group")
    if group.owner.lower() != asked.owner.lower():
        return Outcome(FAILED, why="owner_changed")
    return Outcome(WAITING) if task is not None else _soon(asked, "owner_unseen")


def _soon(asked: Asked, why: str) -> Outcome:
    if asked.patient:
        raise Later(f"WeCom does not show the broadcast yet: {why}", delay=SHORTLY)
    return Outcome(FAILED, why=why)
