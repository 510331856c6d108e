"""Whether a webhook is the provider's: checked against the address that the provider was given, never the one we see."""

import hmac
from collections.abc import Mapping, Sequence

import structlog
from twilio.request_validator import RequestValidator, get_signature_algorithm

_log = structlog.get_logger()


class Params(dict[str, list[str]]):
    """All values of every parameter, blank ones too, as the validator asks for them."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


class Signature:
    """``tokens``: the current auth token and the one before it, while the provider changes over."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._validators = [RequestValidator(token) for token in tokens if token]

    def holds(self, url: str, pairs: Sequence[tuple[str, str]], headers: Mapping[str, str]) -> bool:
        """Anything that goes wrong while looking is a no."""
        params = Params()
        for name, value in pairs:
            params.setdefault(name, []).append(value)
        signature = headers.get("x-twilio-signature")
        if not signature:
            return False
        try:
            algorithm = get_signature_algorithm(headers.get("x-twilio-webhooks-signature-settings", ""))
            return any(_holds(v, url, params, signature, algorithm) for v in self._validators)
        except Exception as error:
            _log.warning("signature cannot be checked", why=type(error).__name__)
            return False


def _holds(validator: RequestValidator, url: str, params: Params, signature: str, algorithm: str) -> bool:
    """By the address as it is, which nearly all are signed with; then, as the library does, with and without its port."""
    expected = validator.compute_signature(url, params, algorithm)
    return hmac.compare_digest(expected.encode(), signature.encode()) or validator.validate(
        url, params, signature, algorithm
    )
