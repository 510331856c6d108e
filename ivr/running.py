"""The row of a call that is running, and the line that stations are handed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.call.model import Call
from ivr.document import document
from ivr.line import Line
from ivr.phone import Phone
from ivr.speak import Hangup, Speak
from ivr.state import CallState


def line_of(session: Any, phone: Phone, call: Call) -> Line:
    """``session`` is None for a step that needs none."""
    menu = phone.menus.of(call.language)
    state = CallState.load(call.state)
    if state.node not in menu.nodes:  # the staff changed the menu during the call
        state.node, state.path = "main", []
    return Line(session, phone.house, call, state, menu, phone, phone.house.clock.now())


def locked(session: Session, sid: str) -> Call | None:
    """The call's row, ours until the transaction ends; None for a call we do not know."""
    return session.scalars(select(Call).where(Call.sid == sid).with_for_update()).first()


def over(phone: Phone, call: Call) -> str:
    """What is answered to a step of a call that has ended."""
    return document(phone.house, call, Speak((), Hangup(), call.language))
