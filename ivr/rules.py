"""What a menu must hold before anybody meets it: every path ends, a person is near, nothing is too long to listen to."""

import re
from collections.abc import Callable, Collection

from ivr.menu import EVERYWHERE, KINDS, Menu, Node

MOST_DEPTH = 3
MOST_CHOICES = 5
MOST_SECONDS = 15.0
CHARACTERS_A_SECOND = 4.0  # Chinese characters and digits
WORDS_A_SECOND = 2.5  # of languages with spaces
START = "main"
# Where the dialogue leads by itself: they need no way in from the start.
ENTRIES = ("category", "closed", "more", "status", "hotline_told")
FAULTS = "fault_"

Spoken = Callable[[Node], str]


def seconds(text: str) -> float:
    """How long it takes to say ``text``."""
    words = re.findall(r"[A-Za-z']+", text)
    characters = re.sub(r"[\W_A-Za-z]", "", text)
    return len(characters) / CHARACTERS_A_SECOND + len(words) / WORDS_A_SECOND


def problems(menu: Menu, spoken: Spoken, actions: Collection[str]) -> list[str]:
    """Everything wrong with a menu, each with the node and key where it is."""
    if START not in menu.nodes:
        return [f"{START}: missing, a call begins there"]
    found = [f"{name}: missing" for name in ENTRIES if name not in menu.nodes]
    found += [] if f"{FAULTS}other" in menu.nodes else [f"{FAULTS}other: missing"]
    found += [f"everywhere: nobody can do “{do}”" for do in menu.everywhere if do.split()[0] not in actions]
    for node in menu.nodes.values():
        found += _node(menu, node, spoken, actions)
    return found or _reach(menu)


def _node(menu: Menu, node: Node, spoken: Spoken, actions: Collection[str]) -> list[str]:
    found, name = [], node.name
    if not 1 <= len(node.choices) <= MOST_CHOICES:
        found.append(f"{name}: {len(node.choices)} choices, 1 to {MOST_CHOICES} can be remembered")
    keys = [choice.key for choice in node.choices]
    found += [f"{name}/{key}: twice" for key in sorted({k for k in keys if keys.count(k) > 1})]
    for choice in node.choices:
        where = f"{name}/{choice.key}"
        if choice.key in EVERYWHERE or not re.fullmatch(r"[1-8]", choice.key):
            found.append(f"{where}: a choice has a key from 1 to 8; 0, * and 9 are the same everywhere")
        if not choice.label.strip():
            found.append(f"{where}: nothing is said")
        found += [f"{where}: {why}" for why in _then(menu, choice.then.kind, choice.then.value, actions)]
        if choice.then.after and choice.then.after not in menu.nodes:
            found.append(f"{where}: no node {choice.then.after}")
    if seconds(spoken(node)) > MOST_SECONDS:
        found.append(f"{name}: {seconds(spoken(node)):.1f} s to listen to, at most {MOST_SECONDS:.0f}")
    return found


def _then(menu: Menu, kind: str, value: str, actions: Collection[str]) -> list[str]:
    if kind not in KINDS or not value:
        return [f"“{kind} {value}” is none of: menu NODE, say WORDS, do ACTION"]
    if kind == "menu" and value not in menu.nodes:
        return [f"no node {value}"]
    if kind == "do" and value.split()[0] not in actions:
        return [f"nobody can do “{value}”"]
    return []


def _reach(menu: Menu) -> list[str]:
    """Every node is met, none lies too deep, and no ring of nodes has no way out."""
    depths = depths_of(menu)
    found = [f"{name}: deeper than {MOST_DEPTH}" for name, depth in depths.items() if depth > MOST_DEPTH]
    lost = [n for n in menu.nodes if n not in depths and not n.startswith(FAULTS)]
    found += [f"{name}: no way leads there" for name in lost]
    return found + [f"{name}: no path from here ends" for name in menu.nodes if not _ends(menu, name, set())]


def depths_of(menu: Menu) -> dict[str, int]:
    """How many keys lead to each node's choices, from the start or from where the dialogue enters."""
    depths = {name: 1 for name in (START, *ENTRIES) if name in menu.nodes}
    waiting = list(depths)
    while waiting:
        name = waiting.pop(0)
        for choice in menu.nodes[name].choices:
            target = choice.then.value
            if choice.then.kind == "menu" and target in menu.nodes and target not in depths:
                depths[target] = depths[name] + 1
                waiting.append(target)
    return depths


def _ends(menu: Menu, name: str, seen: set[str]) -> bool:
    seen.add(name)
    return any(
        choice.then.kind != "menu" or (choice.then.value not in seen and _ends(menu, choice.then.value, seen))
        for choice in menu.nodes[name].choices
    )
