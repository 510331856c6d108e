"""``Caller``: one telephone for tests and scripts.

>>> phone = Caller("http://testserver/webhooks/voice/incoming", token=…, http=TestClient(app)).call()
>>> phone.press("1").say("空调不制冷").silence().hangup()
>>> phone.heard       # everything that was said, in order; ``phone.last``: since the caller last did something

Time is the call's own: prompts and silences cost nothing. After every action the phone listens until something is
expected of the caller (a Gather or Record waits, somebody talks, a round in the queue is over) or the call is over.
``until="报修"`` stops earlier, in the middle of the prompt with these words: the next key cuts it off.
"""

import time
import uuid
from collections.abc import Iterable
from random import Random
from typing import Any

import httpx

from ivr.softphone.callee import Callee
from ivr.softphone.phone import Phone
from ivr.softphone.state import Line
from ivr.softphone.wire import Wire


class Caller(Phone):
    """A caller and the phone network between him and the webhooks.

    ``callees`` are taken one by one by what is dialled, ``ahead`` is the number of people before him in a queue,
    ``twice`` delivers every webhook two times as after a lost answer, ``shuffle`` holds the callbacks (status,
    recordings) back until the call is over and then delivers them in any order and some twice.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str,
        account: str = "AC" + "0" * 32,
        http: httpx.Client | None = None,
        caller: str = "+8613800138000",
        called: str = "+864008888888",
        sid: str = "",
        fallback: str = "",
        status: str = "",
        callees: Iterable[Callee] = (),
        ahead: int = 0,
        outside: str = "",
        inside: str = "",
        twice: bool = False,
        shuffle: Random | None = None,
        **line: Any,
    ) -> None:
        sid = sid or "CA" + uuid.uuid4().hex
        facts = {"fallback_url": fallback, "status_url": status, "began": time.time(), **line}
        own = Line(url, account, sid, caller, called, **facts)
        http = http or httpx.Client(trust_env=False)
        wire = Wire(http, token, outside=outside, inside=inside, twice=twice)
        super().__init__(own, wire, callees=callees, ahead=ahead, shuffle=shuffle)
