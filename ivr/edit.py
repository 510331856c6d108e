"""Changing the menu: read, checked by every rule, and kept; nothing that would trap a caller gets in."""

from sqlalchemy.orm import Session

from core.call.model import EditedMenu
from core.knowledge.book import Book
from ivr.actions import ACTIONS
from ivr.menu import BadMenu, Menu, parse, shipped
from ivr.rules import problems
from ivr.stations.menu import prompt


def text_in_force(session: Session, language: str) -> str:
    """What the staff made of it, or what ships."""
    edited = session.get(EditedMenu, language)
    return edited.text if edited else shipped(language)


def checked(book: Book, text: str, language: str) -> tuple[Menu | None, list[str]]:
    """The menu of a text, and everything wrong with it; no menu where it cannot be read at all."""
    try:
        menu = parse(text, language)
    except BadMenu as error:
        return None, [error.why]

    def label(label: str, key: str) -> str:
        return book.text("voice.choice", language, label=label, digit=key)

    person = book.text("voice.person", language)
    return menu, problems(menu, lambda node: prompt(menu, node, label, person), ACTIONS)


def save(session: Session, text: str, language: str) -> None:
    """Only for a text that ``checked`` found nothing wrong with."""
    session.merge(EditedMenu(language=language, text=text))
