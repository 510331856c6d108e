"""A shared location: where the nearest outlet is, or where the technician should come."""

from sqlalchemy import select

from core.dialogue.choices import plain
from core.dialogue.forms import FORMS
from core.dialogue.talk import Talk
from core.dialogue.topics import door, flow, supplement
from core.messaging.inbox import InboxMessage
from core.service.model import Outlet
from core.service.nearby import Point, nearest_outlet, point
from core.service.regions import locate
from core.ticket.lifecycle import note
from core.ticket.theirs import tickets_of

LONGEST = 100  # characters of a label


def shared(talk: Talk, message: InboxMessage) -> str:
    """``payload``: latitude, longitude (degrees), datum (gcj02 | wgs84), label."""
    here = point(message.payload)
    if here is None or here.region is None:
        talk.say("place.nowhere" if here is None else "place.abroad")
        flow.ask_again(talk)
    elif (
        (question := talk.state.question) is not None
        and question.kind == "amend"
        and question.slot == "address"
    ):
        supplement.moved(talk, _address(talk, here, message.payload.get("label")))
    elif _address_wanted(talk):
        door.fill(talk, _address(talk, here, message.payload.get("label")))
    else:
        _outlet(talk, here)
        _noted(talk, here)
    return "location"


def _address_wanted(talk: Talk) -> bool:
    """A form asks for the address, or has none yet."""
    form, question = FORMS.get(talk.state.form or ""), talk.state.question
    if form is None or not any(slot.name == "address" for slot in form.slots):
        return False
    asked = question is not None and question.slot == "address" and question.kind in ("slot", "amend", "door")
    return asked or not talk.state.slots.get("address")


def _address(talk: Talk, here: Point, label: object) -> str:
    """The label where it is one, with the county in front unless it says so itself; the county's name without one."""
    assert here.region is not None
    said = plain(label)[:LONGEST].replace("\n", " ") if isinstance(label, str) else ""
    before = talk.state.slots.get("address")
    if (
        before and talk.state.slots.get("_vague_address") == before
    ):  # the street was told, the city was missing
        return here.region.name + str(before)
    if sum(c.isalpha() for c in said) < 2:
        return here.region.name
    region = locate(said)
    return said if region is not None and region.city is not None else here.region.name + said


def _outlet(talk: Talk, here: Point) -> None:
    """The nearest outlet, with the distance as the reason; a question of a form stays open."""
    question = talk.state.question
    if question is not None and question.kind == "where":
        talk.drop_question()
    outlets = talk.session.scalars(select(Outlet).where(Outlet.active)).all()
    found = nearest_outlet(here, outlets, talk.state.slots.get("category"))
    if found is None:
        talk.say("contact.no_outlet")
    else:
        outlet, way = found
        distance = f"{way:.0f}" if way >= 10 else f"{max(way, 0.1):.1f}"
        talk.say("place.outlet", outlet=outlet.name, address=outlet.address, distance=distance)
    flow.ask_again(talk)
    if talk.state.form is None:
        talk.say("place.what_next")


def _noted(talk: Talk, here: Point) -> None:
    """Where they are helps the technician of the one open ticket to find them."""
    tickets = tickets_of(talk.session, talk.customer)
    if talk.state.form is None and len(tickets) == 1:
        text = f"{here.latitude:.5f}, {here.longitude:.5f} (GCJ-02)"
        note(talk.session, tickets[0], verb="place", at=talk.at, actor=talk.actor, channel=talk.channel,
             text=text, audience="staff")  # fmt: skip
