"""What the webhooks of jambonz need: the phone, the secrets, and where messages are kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from core.messaging.post import Bell
from ivr.jambonz.tapes import Tapes
from ivr.phone import Phone


@dataclass(frozen=True)
class Ear:
    """``outside`` is scheme and host where jambonz reaches us, given the host it asked for."""

    phone: Phone
    secrets: list[str]  # the webhook secret, and the one before it
    outside: Callable[[str], str]
    tapes: Tapes
    bell: Bell
    seconds: Callable[[], float] = time.time  # the real clock, whatever the business's says
