"""A telephone without a telephone: calls webhooks as Twilio does, obeys their TwiML, and lets a person, a test or a
browser be the caller.

``Caller`` is the door: see ``caller.py``. The rules are in pure modules without HTTP and without a clock of their own;
Twilio's pages are named where a rule comes from, and what its pages leave open is said there too.
"""

from ivr.softphone.callee import Callee
from ivr.softphone.caller import Caller
from ivr.softphone.script import play

__all__ = ["Callee", "Caller", "play"]
