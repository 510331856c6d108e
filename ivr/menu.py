"""The voice menu as data: nodes, choices, and what follows from a key or a spoken word. Everything here is pure."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SHIPPED = Path(__file__).parent / "menus.yaml"
# What a choice may lead to: another node, words for the dialogue, or something only a phone can do.
KINDS = ("menu", "say", "do")
# Keys that mean the same everywhere, whatever a node offers.
EVERYWHERE = {"0": "person", "*": "back", "9": "repeat"}

IDLE = "我们要想是的了吧啊呀呢嗯呃哦请选按转接找查问一下个台这那帮给去好"  # said around a choice, and no part of it


class BadMenu(ValueError):
    """语音菜单有问题：{why}。"""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Then:
    """``menu NODE``, ``say WORDS`` (``after``: the node that follows the answer) or ``do ACTION``."""

    kind: str
    value: str
    after: str | None = None


@dataclass(frozen=True)
class Choice:
    """One line of a node: what is spoken, its key, the words that mean it, and what follows."""

    key: str
    label: str
    then: Then
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Node:
    """One place of the menu: what is said first, then its choices."""

    name: str
    prompt: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Menu:
    """All nodes of one language; the first is where a call begins."""

    language: str
    nodes: dict[str, Node]
    everywhere: dict[str, tuple[str, ...]] = field(default_factory=dict)  # action → spoken words


def parse(text: str, language: str) -> Menu:
    """A menu from its YAML; BadMenu says where it cannot be read."""
    try:
        data = yaml.safe_load(text)
        return _menu(data, language)
    except yaml.YAMLError as error:
        raise BadMenu(str(error).replace("\n", " ")) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise BadMenu(f"{type(error).__name__}: {error}") from error


def _menu(data: dict[str, Any], language: str) -> Menu:
    nodes = {name: _node(name, one) for name, one in data["nodes"].items()}
    spoken = {action: tuple(map(str, words)) for action, words in (data.get("everywhere") or {}).items()}
    return Menu(language, nodes, spoken)


def _node(name: str, data: dict[str, Any]) -> Node:
    return Node(str(name), str(data.get("prompt") or ""), tuple(_choice(one) for one in data["choices"]))


def _choice(data: dict[str, Any]) -> Choice:
    kind, _, value = str(data["then"]).partition(" ")
    then = Then(kind, value.strip(), data.get("after"))
    return Choice(str(data["key"]), str(data["label"]), then, tuple(map(str, data.get("words") or ())))


@cache
def shipped(language: str) -> str:
    """The text of one language's menu, as shipped."""
    whole = SHIPPED.read_text("utf-8")
    parts = re.split(r"^--- # (\w+)\n", whole, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[language]


@cache
def shipped_menu(language: str) -> Menu:
    """The menu of a new house; the one in force may be another (ivr/menus.py)."""
    return parse(shipped(language), language)


def press(menu: Menu, node: str, keys: str) -> Then | None:
    """What a key leads to; None when it leads nowhere. A node's own choice goes before the keys of everywhere."""
    own = next((c.then for c in menu.nodes[node].choices if c.key == keys), None)
    if own is None and keys in EVERYWHERE:
        return Then("do", EVERYWHERE[keys])
    return own


def hear(menu: Menu, node: str, words: str) -> Then | None:
    """What a spoken word leads to; a whole sentence is no menu word, it may tell more (空调坏了要报修)."""
    said = _bare(words)
    for choice in menu.nodes[node].choices:
        if _names(said, (choice.label, *choice.words)):
            return choice.then
    for action, spoken in menu.everywhere.items():
        if _names(said, spoken):
            return Then("do", action)
    return None


def _names(said: str, words: tuple[str, ...]) -> bool:
    """The word itself, or with a little around it (我要报修, 报修吧) that tells nothing: 空调不制冷 is more than 空调."""
    return any(bare in said and _idle(said.replace(bare, "", 1)) for word in words if (bare := _bare(word)))


def _idle(rest: str) -> bool:
    return len(rest) <= 3 if rest.isascii() else len(rest) <= 5 and all(c in IDLE for c in rest)


def _bare(words: str) -> str:
    return re.sub(r"[\W_]", "", words).lower()


def choice_words(menu: Menu) -> list[str]:
    """Every label and spoken word, for the recogniser's hints."""
    return [
        word
        for node in menu.nodes.values()
        for choice in node.choices
        for word in (choice.label, *choice.words)
    ]
