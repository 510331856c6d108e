"""Why an order was not carried out, in the words of the house and the language of who gave it."""

from typing import Any

from core.knowledge.book import Book
from core.ticket.actions import BadRequest, ConsentNeeded, UnknownTicket
from core.ticket.lifecycle import IllegalMove


class UnknownStaff(Exception):
    """没有叫“{name}”的在职员工。"""

    def __init__(self, name: str) -> None:
        super().__init__(f"no active member of staff called {name}")
        self.name = name


class Refused(Exception):
    """An order that cannot be carried out; the wording ``key`` tells why and what can be done instead."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


REFUSALS = (IllegalMove, ConsentNeeded, UnknownTicket, BadRequest, UnknownStaff)


def in_words(book: Book, error: Exception, language: str) -> str:
    """A refusal as people read it."""
    if isinstance(error, Refused):
        return book.text(error.key, language, **error.values)
    values = dict(vars(error))
    if isinstance(error, IllegalMove):
        values["state"] = book.label("state", error.state, language)
        values["verb"] = book.label("verb", error.verb, language)
        allowed = [book.label("verb", verb, language) for verb in error.allowed]
        comma = book.text("word.comma", language)
        values["allowed"] = comma.join(allowed) or book.text("word.nothing_possible", language)
    return book.text(f"error.{type(error).__name__}", language, **values)
