"""WeCom payloads: reading one is a pure function (developer.work.weixin.qq.com/document/path/90239 and 90240)."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

import structlog
from defusedxml.ElementTree import fromstring

from core.groups.heard import GROUP_NEWS
from core.messaging.inbox import Inbound

CHANNEL = "wecom"
# Our cards: the outbox row, and a mark that makes every sending another card (bot/wecom/card.py).
TASK = re.compile(r"fd-(\d{1,15})-[0-9a-f]{8}")
KINDS = {
    "text": "text",
    "image": "image",
    "voice": "voice",
    "video": "video",
    "file": "file",
    "location": "location",
    "link": "link",
}
GROUP_EVENT = "change_external_chat"
# Events that mean something to us; of the others we only keep that they came.
EVENTS = {
    "template_card_event": "press",
    "subscribe": "follow",
    "enter_agent": "silent",
    "unsubscribe": "silent",
    "location": "silent",
    "click": "silent",
    "view": "silent",
    GROUP_EVENT: "silent",  # "group_news" where it says which group
    "template_card_menu_event": "silent",
}
# XML knows no control characters, but people's texts do.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff\ufffe\uffff]")
_log = structlog.get_logger()


class NotXml(Exception):
    """Not the XML that WeCom sends."""


def fields(xml: str | bytes) -> dict[str, str]:
    """The top level of a WeCom document, the first of every name; a list of items as words. NotXml.

    Entities and DTDs are refused.
    """
    text = xml.decode("utf-8", "replace") if isinstance(xml, bytes) else xml
    try:
        root = fromstring(_CONTROL.sub("", text), forbid_dtd=True)
    except Exception as error:  # ParseError, defusedxml's own, lone surrogates
        raise NotXml(type(error).__name__) from None
    found: dict[str, str] = {}
    for child in root:
        found.setdefault(child.tag, _items(child) or child.text or "")
    return found


def _items(element: Element) -> str:
    """``<MemChangeList><Item>…</Item></MemChangeList>``, the one list in what we read."""
    return " ".join(item.text or "" for item in element.findall("Item"))


def to_inbound(document: Mapping[str, str]) -> Inbound | None:
    """An arrival, or None for one without a sender or kind, which nobody can answer."""
    sender, kind = document.get("FromUserName", "").strip(), document.get("MsgType", "").strip().lower()
    if not sender or not kind:
        return None
    if kind == "event":
        return _event(document, sender)
    if kind not in KINDS:
        _log.warning("unknown WeCom message", kind=kind[:40])
    number = document.get("MsgId", "").strip()
    return Inbound(
        channel=CHANNEL,
        account="",
        external_id=number if number.isascii() and number.isdigit() else _fingerprint(document),
        sender=sender,
        text=document.get("Content", "") if kind == "text" else "",
        kind=KINDS.get(kind, "unknown"),
        payload={name: value for name, value in document.items() if name != "Content"},
    )


def _event(document: Mapping[str, str], sender: str) -> Inbound:
    event = document.get("Event", "").strip().lower()
    kind = EVENTS.get(event, "silent")
    if event not in EVENTS:
        _log.warning("unknown WeCom event", name=event[:40])
    payload: dict[str, Any] = dict(document)
    chat = document.get("ChatId", "").strip() if event == GROUP_EVENT else ""
    if kind == "press":
        payload = _press(document)
    elif chat:
        kind, payload = GROUP_NEWS, {"news": _news(document, chat)}
    return Inbound(
        channel=CHANNEL,
        account="",
        external_id=f"{sender}:{document.get('CreateTime', '')}:{event}:{_fingerprint(document)}",
        sender=sender,
        conversation=chat,
        kind=kind,
        payload=payload,
    )


def _press(document: Mapping[str, str]) -> dict[str, Any]:
    """``receipt`` lets us change the card once: the code of this very press."""
    task, code = document.get("TaskId", ""), document.get("ResponseCode", "")
    match = TASK.fullmatch(task)
    known: dict[str, Any] = {"outbox": int(match[1])} if match else {"task": task[:128]}
    return known | {"key": document.get("EventKey", ""), "receipt": f"{task} {code}" if code else None}


def _news(document: Mapping[str, str], chat: str) -> dict[str, Any]:
    """What changed in a customer group (…/document/path/92130), as core/groups/heard.py reads it.

    Who it was is told since 2024 only, and of no use but for who was put out; for the others the list is asked for.
    """
    change, put_out = document.get("ChangeType", "").strip(), document.get("QuitScene", "").strip() == "1"
    return {
        "chat": chat,
        "change": document.get("UpdateDetail", "").strip() if change == "update" else change,
        "version": document.get("CurMemVer", "").strip() or None,
        "removed": document.get("MemChangeList", "").split() if put_out else [],
    }


def _fingerprint(document: Mapping[str, str]) -> str:
    """Events have no number; a repetition is the same word for word, and each press has a code of its own."""
    parts = "\x1f".join(f"{name}={value}" for name, value in sorted(document.items()))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:24]
