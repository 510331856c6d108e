"""The answer to which of the devices on file it is."""

from core.customer.devices import devices_of
from core.dialogue.talk import Talk
from core.dialogue.topics import devices, flow, slots
from core.dialogue.topics.direct import OUTRIGHT
from core.dialogue.topics.intake import report


def answer(talk: Talk) -> bool:
    """One of the devices on file, or another one; a sentence with the fault is taken as it is."""
    choice = talk.chosen() or ""
    if choice == "other_device":
        talk.state.slots["_other_device"] = True
    elif choice.startswith("device:"):
        device = next(
            (d for d in devices_of(talk.session, talk.customer) if choice.endswith(devices.shown(talk, d))),
            None,
        )
        if device is None:
            return False
        talk.state.slots["category"] = device.category
        slots.from_device(talk, device)
    elif talk.facts.slots.get("category") or talk.intent == "report_fault":
        talk.drop_question()
        report(talk, outright=OUTRIGHT.search(talk.text) is not None)
        return True
    else:
        return False
    talk.drop_question()
    flow.proceed(talk)
    return True
