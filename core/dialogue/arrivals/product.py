"""The code on an appliance: which one it is need not be told; what is wrong is asked."""

from typing import Any

from core.categories import CATEGORIES
from core.customer.devices import remember_scanned
from core.customer.scene import Scene
from core.dialogue.talk import Talk
from core.dialogue.topics import devices, flow, intake, slots, small
from core.dialogue.topics.filed import words
from core.ticket.theirs import same_fault


def scanned(talk: Talk, scene: Scene) -> None:
    """The code on an appliance: it is remembered as theirs, and fills in the form or begins one."""
    if scene.payload.get("category") not in CATEGORIES:
        small.greet(talk)
        return
    device = remember_scanned(talk.session, talk.customer, scene.payload, at=talk.at)
    shown = devices.shown(talk, device)
    told = talk.state.slots.get("category")
    if talk.state.form is not None and told in (None, device.category):
        _into_form(talk, device, shown)
    elif talk.state.form is not None:
        talk.say("scene.one_at_a_time", device=shown)
        flow.ask_again(talk)
    elif (ticket := same_fault(talk.session, talk.customer, _facts(device))) is not None:
        talk.say("scene.open_ticket", **{**words(talk, ticket), "device": shown})
        talk.state.last_ticket = ticket.number
    else:
        talk.say("scene.product", device=shown)
        intake.begin_with(talk, {**_facts(device), "_scanned": True})


def _facts(device: Any) -> dict[str, Any]:
    facts = {name: getattr(device, name) for name in ("category", "brand", "model")}
    return {name: value for name, value in facts.items() if value}


def _into_form(talk: Talk, device: Any, shown: str) -> None:
    """The report in hand learns which device it is about; what was told in words stays."""
    talk.say("scene.noted", device=shown)
    talk.state.slots["category"] = device.category
    slots.from_device(talk, device)
    question = talk.state.question
    if (
        question is not None
        and question.kind in ("slot", "device")
        and talk.state.slots.get(question.slot or "category")
    ):
        talk.drop_question()
    if talk.state.question is None:
        flow.proceed(talk)
    else:
        flow.ask_again(talk)
