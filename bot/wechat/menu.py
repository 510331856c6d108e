"""The account's custom menu, from the policy ``wechat_menu`` and the wording ``wechat.menu.…``."""

from typing import Any

from bot.wechat.api import Api
from core.knowledge.book import Book
from core.messaging.channel import Never

# https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html
MOST_TOP, MOST_BELOW = 3, 5
NAME_TOP, NAME_BELOW, KEY, URL = 16, 60, 128, 1024  # bytes
NO_MENU = "46003"


class BadMenu(Exception):
    """菜单不合微信的规定。"""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def wanted(book: Book, language: str = "zh") -> dict[str, Any]:
    """The menu as WeChat takes it. BadMenu says what is too much or too long."""
    entries = book.policy("wechat_menu")
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_TOP:
        raise BadMenu(f"1–{MOST_TOP} buttons")
    return {"button": [_top(book, entry, language) for entry in entries]}


def push(api: Api, menu: dict[str, Any]) -> None:
    """Raises Later, Never."""
    api.call(lambda client: client.menu.create(menu))


def current(api: Api) -> dict[str, Any] | None:
    """The menu that is there now, without the fields that WeChat adds."""
    try:
        told = api.call(lambda client: client.get("menu/get"))
    except Never as none:
        if str(none).startswith(NO_MENU):
            return None
        raise
    return {"button": [_bare(button) for button in told.get("menu", {}).get("button", [])]}


def drawn(menu: dict[str, Any]) -> str:
    """The menu for a terminal."""
    lines = []
    for button in menu["button"]:
        lines.append(_line(button))
        lines += [f"    {_line(below)}" for below in button.get("sub_button", [])]
    return "\n".join(lines)


def _top(book: Book, entry: Any, language: str) -> dict[str, Any]:
    below = entry.get("below", []) if isinstance(entry, dict) else []
    if len(below) > MOST_BELOW:
        raise BadMenu(f"{entry.get('item')}: {len(below)} > {MOST_BELOW}")
    if not below:
        return _button(book, entry, language, NAME_TOP)
    name = _name(book, entry, language, NAME_TOP)
    return {"name": name, "sub_button": [_button(book, each, language, NAME_BELOW) for each in below]}


def _button(book: Book, entry: Any, language: str, most: int) -> dict[str, Any]:
    name = _name(book, entry, language, most)
    url = entry.get("url") if isinstance(entry, dict) else None
    if url:
        if len(str(url).encode()) > URL or not str(url).startswith(("https://", "http://")):
            raise BadMenu(f"{name}: {url}")
        return {"type": "view", "name": name, "url": str(url)}
    return {"type": "click", "name": name, "key": _item(entry)}


def _name(book: Book, entry: Any, language: str, most: int) -> str:
    given = entry.get("name") if isinstance(entry, dict) else None
    key = f"wechat.menu.{_item(entry)}"
    if not given and not book.has(key):
        raise BadMenu(f"{key}: ?")
    name = str(given or book.text(key, language))
    if not 1 <= len(name.encode()) <= most:
        raise BadMenu(f"“{name}”: {len(name.encode())} > {most} bytes")
    return name


def _item(entry: Any) -> str:
    item = str(entry.get("item", "") if isinstance(entry, dict) else entry)
    if len(item.encode()) > KEY:
        raise BadMenu(f"{item[:20]}…: {len(item.encode())} > {KEY} bytes")
    return item


def _bare(button: dict[str, Any]) -> dict[str, Any]:
    below = button.get("sub_button")
    below = below.get("list", []) if isinstance(below, dict) else below
    kept = {name: button[name] for name in ("type", "name", "key", "url") if button.get(name)}
    return {**kept, "sub_button": [_bare(each) for each in below]} if below else kept


def _line(button: dict[str, Any]) -> str:
    return f"{button['name']}  {button.get('key') or button.get('url') or ''}".rstrip()
