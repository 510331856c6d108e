"""The devices on file, offered to a returning customer (A7)."""

from core.care.notice import device_words
from core.customer.devices import devices_of
from core.customer.model import Device
from core.dialogue.talk import Talk


def shown(talk: Talk, device: Device) -> str:
    """Brand, category and model, as on its button."""
    shown = device_words(talk.house, device.category, device.brand, talk.language)
    return f"{shown} {device.model}" if device.model else shown


def offer_devices(talk: Talk) -> bool:
    """A returning customer picks the device on file instead of telling it again (A7)."""
    devices = devices_of(talk.session, talk.customer)[:4]
    if not devices:
        return False
    talk.say("ask.device")
    keys = [(str(i), f"device:{shown(talk, d)}") for i, d in enumerate(devices, start=1)]
    talk.ask("device", *keys, (str(len(keys) + 1), "other_device"))
    return True
