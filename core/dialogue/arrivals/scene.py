"""A code that was scanned, or a deep link that was opened: what it stands for decides what is said."""

from collections.abc import Callable

from core.customer.scene import BadScene, Scene, redeem
from core.dialogue.arrivals import product
from core.dialogue.talk import Talk
from core.dialogue.topics import bind, enrol, sign_in, small
from core.messaging.inbox import InboxMessage


def opened(talk: Talk, message: InboxMessage) -> str:
    """``payload``: scene, the token. One that is no good is answered like anybody who comes in."""
    token = message.payload.get("scene")
    if not isinstance(token, str) or not token:
        small.greet(talk)
        return message.kind
    try:
        scene = redeem(talk.session, token, identity_id=talk.conversation.identity_id, at=talk.at)
    except BadScene as bad:
        talk.say("scene.over")
        small.greet(talk)
        return f"scene_{bad.why}"
    PURPOSES.get(scene.purpose, _unknown)(talk, scene)
    return f"scene_{scene.purpose}"


def _unknown(talk: Talk, scene: Scene) -> None:
    small.greet(talk)


PURPOSES: dict[str, Callable[[Talk, Scene], None]] = {
    "product": product.scanned,
    "bind": bind.scanned,
    "check_in": sign_in.scanned,
    "training": enrol.scanned,
}
