"""What a message to WeCom must look like."""

import re
from typing import Any

from tests.providers.tencent import need, wrong

LIMITS = {"text": 2048, "markdown": 2048}  # bytes; WeCom cuts the rest off without a word
NOTICES = {"text_notice", "news_notice"}
CARDS = NOTICES | {"button_interaction", "vote_interaction", "multiple_interaction"}
TASK_ID = re.compile(r"[A-Za-z0-9_\-@]{1,128}")


def check_text(kind: str, content: Any, limit: int) -> str:
    text = content.get("content", "") if isinstance(content, dict) else ""
    if not isinstance(text, str) or not text.strip():
        raise wrong(44004)
    if len(text.encode()) > limit:
        raise wrong(45002, f"{kind} is cut off at {limit} bytes")
    return text


def check_card(card: dict[str, Any], allowed: set[str] = CARDS) -> str:
    """The card's text."""
    kind = card.get("card_type")
    if kind not in allowed:
        raise wrong(40058, f"invalid Request Parameter: card_type {kind}")
    title = card.get("main_title", {}).get("title", "")
    if not title and not card.get("sub_title_text"):
        raise wrong(40058, "invalid Request Parameter: main_title.title and sub_title_text are both empty")
    if kind in NOTICES and card.get("card_action", {}).get("type") not in (1, 2):
        raise wrong(40058, "invalid Request Parameter: card_action is required")
    if kind == "button_interaction":
        check_buttons(card)
    if len(card.get("horizontal_content_list", [])) > 6:
        raise wrong(40058, "invalid Request Parameter: more than 6 horizontal_content_list")
    facts = [f"{row['keyname']} {row.get('value', '')}" for row in card.get("horizontal_content_list", [])]
    parts = [title, card.get("main_title", {}).get("desc", ""), card.get("sub_title_text", ""), *facts]
    return "\n".join(part for part in parts if part)


def check_buttons(card: dict[str, Any]) -> None:
    if not TASK_ID.fullmatch(card.get("task_id", "")):
        raise wrong(40058, "invalid Request Parameter: task_id")
    if not 1 <= len(card.get("button_list", [])) <= 6:
        raise wrong(40058, "invalid Request Parameter: button_list has 1 to 6 buttons")
    for button in card["button_list"]:
        if button.get("type", 0) == 0:
            need(button, 40058, "text", "key", optional=("style", "type"))
            if len(button["key"].encode()) > 1024:
                raise wrong(40058, "invalid Request Parameter: button key")
