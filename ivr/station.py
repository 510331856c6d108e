"""The Station port: who asks something on the phone also takes the answer."""

from typing import Protocol

from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.speak import Speak


class Missed(Exception):
    """The step was no answer: nothing was said, or a key or word that means nothing here."""


class Station(Protocol):
    """One way of asking. Which station waits is in the call's state, with its data."""

    def ask(self, line: Line) -> Speak:
        """The question, without what was said before it."""

    def take(self, line: Line, heard: Heard) -> Words | None:
        """Take an answer: words for the dialogue, or None when ``line`` has moved on. Raises Missed."""
