"""A node of the voice menu."""

from collections.abc import Callable

from ivr.actions import ACTIONS
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.menu import Menu, Node, Then, hear, press
from ivr.question import answered, asked, listening, one_key
from ivr.rules import START
from ivr.speak import Speak
from ivr.station import Missed

OTHER_LANGUAGE = "8"
Label = Callable[[str, str], str]  # (label, key) → 报修请按1


def prompt(menu: Menu, node: Node, label: Label, person: str) -> str:
    """A node as it is spoken: what it is about, each choice before its key, and the way to a person."""
    gap, end = (", ", ".") if menu.language == "en" else ("，", "。")
    parts = [label(choice.label, choice.key) for choice in node.choices]
    parts += [label(person, "0")] if node.name == "main" else []
    lead = node.prompt + (gap if node.prompt and node.prompt[-1] not in "：:？?。" else "")
    return lead + gap.join(parts) + end


def prompt_in(line: Line) -> Callable[[Node], str]:
    """How nodes are spoken in this call."""
    return lambda node: prompt(
        line.menu,
        node,
        lambda label, key: line.text("voice.choice", label=label, digit=key),
        line.text("voice.person"),
    )


class MenuStation:
    """Reads out a node and acts on the key or word; other words are the dialogue's."""

    def ask(self, line: Line) -> Speak:
        node = line.state.node
        text = prompt_in(line)(line.menu.nodes[node])
        if node == START and len(line.policy()["languages"]) > 1:
            text += line.text("language.choice")
        return asked(line, text, listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        node = line.state.node
        if heard.keys == OTHER_LANGUAGE and node == START and len(line.policy()["languages"]) > 1:
            _switch(line)
            return None
        if heard.keys:
            then = press(line.menu, node, one_key(heard))
            if then is None:
                raise Missed
            return follow(line, then)
        then = hear(line.menu, node, heard.speech) if heard.speech else None
        return follow(line, then) if then else answered(line, heard)


def moves_only(line: Line, heard: Heard) -> bool:
    """A key that leads to another node, or to none, and needs nothing from the database."""
    if line.state.station != "menu" or len(heard.keys) != 1 or heard.keys in ("0", OTHER_LANGUAGE):
        return False
    then = press(line.menu, line.state.node, heard.keys)
    if then is None:
        return heard.keys in "123456789" and line.state.misses == 0
    return then.kind == "menu" or (then.kind == "do" and then.value in ("back", "repeat"))


def _switch(line: Line) -> None:
    """The next of the house's languages, for this caller from now on."""
    languages = line.policy()["languages"]
    place = languages.index(line.language) if line.language in languages else 0
    line.call.language = languages[(place + 1) % len(languages)]
    line.menu = line.phone.menus.of(line.language)
    customer = line.customer()
    if customer is not None:
        customer.language = line.language
    line.to_menu()


def follow(line: Line, then: Then) -> Words | None:
    """Go where a choice leads."""
    if then.kind == "menu":
        line.state.path.append(line.state.node)
        line.go("menu", node=then.value)
        return None
    if then.kind == "say":
        line.state.after = then.after or "more"
        return Words(then.value)
    action, _, value = then.value.partition(" ")
    return ACTIONS[action](line, value)
