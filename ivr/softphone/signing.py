"""How Twilio signs a webhook: HMAC-SHA1 over the full address and the sorted form fields, blank ones too.

Source: twilio.com/docs/usage/security. Written from the page, not from twilio-python, which is the check in the tests.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def signature(token: str, url: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """``X-Twilio-Signature`` of a request to ``url`` (no #fragment) with these form fields."""
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
