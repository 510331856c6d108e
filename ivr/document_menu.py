"""``python -m ivr.document_menu``: writes docs/ivr-menu.md and its pictures from the shipped menus."""

from pathlib import Path

from core.knowledge.book import Book
from ivr.diagram import draw
from ivr.menu import Menu, shipped_menu
from ivr.rules import seconds
from ivr.stations.menu import prompt

DOCS = Path(__file__).resolve().parent.parent / "docs"
TITLES = {"zh": "语音菜单", "en": "Voice menu"}


def pages() -> dict[str, str]:
    """File name → text."""
    found = {
        f"ivr-menu-{language}.svg": draw(shipped_menu(language), title=TITLES[language])
        for language in TITLES
    }
    parts = [
        "# The voice menu",
        "",
        "Made from `ivr/menus.yaml` by `python -m ivr.document_menu`; the console draws the menu in force (语音菜单).",
        "Everywhere: `0` a person (held down, or twice: danger), `*` back, `9` repeat, `#` ends a number; a key cuts the words off.",
    ]
    for language in TITLES:
        parts += ["", f"## {TITLES[language]}", "", f"![{TITLES[language]}](ivr-menu-{language}.svg)", ""]
        parts += _table(shipped_menu(language))
    return {"ivr-menu.md": "\n".join(parts) + "\n", **found}


def _table(menu: Menu) -> list[str]:
    book = Book()
    person = book.text("voice.person", menu.language)
    rows = ["| node | heard | seconds | keys |", "|---|---|---|---|"]
    for node in menu.nodes.values():
        heard = prompt(
            menu,
            node,
            lambda label, key: book.text("voice.choice", menu.language, label=label, digit=key),
            person,
        )
        keys = "<br>".join(f"{c.key} {c.then.kind} {c.then.value}" for c in node.choices)
        rows.append(f"| `{node.name}` | {heard} | {seconds(heard):.1f} | {keys} |")
    return rows


def main() -> None:
    for name, text in pages().items():
        (DOCS / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
