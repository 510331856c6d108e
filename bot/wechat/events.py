"""What users do without words, by WeChat's event: one table."""

from collections.abc import Callable

import structlog

from bot.wechat.grants import TOUCH
from bot.wechat.messages import Fields, Read

_log = structlog.get_logger()


def read_event(fields: Fields) -> Read:
    """(kind, text, payload) of an event; what we do not know is kept and answered by nothing."""
    name = fields.get("Event", "").strip().lower()
    read = EVENTS.get(name)
    if read is None:
        # Kept, but not answered: people do not know of most events, and these give no right to write to them.
        _log.warning("unknown WeChat event", name=name[:40])
        return "silent", "", {}
    return read(fields)


def _scene(kind: str) -> Callable[[Fields], Read]:
    def read(fields: Fields) -> Read:
        scene = fields.get("EventKey", "").strip().removeprefix("qrscene_")
        return kind, "", {"grants": TOUCH, **({"scene": scene} if scene else {})}

    return read


def _click(fields: Fields) -> Read:
    return "menu", "", {"topic": fields.get("EventKey", "").strip(), "grants": TOUCH}


def _from_menu(_fields: Fields) -> Read:
    """Scanned or photographed from a menu button that we do not offer: somebody waits for an answer."""
    return "unknown", "", {"grants": TOUCH}


def _template(fields: Fields) -> Read:
    status = fields.get("Status", "").strip()
    if status == "success":
        return "silent", "", {}
    return "undelivered", "", {"receipt": f"template:{fields.get('MsgID', '').strip()}", "reason": status}


def _silent(_fields: Fields) -> Read:
    return "silent", "", {}


def _gone(_fields: Fields) -> Read:
    return "blocked", "", {}


EVENTS: dict[str, Callable[[Fields], Read]] = {
    "subscribe": _scene("follow"),
    "scan": _scene("scan"),
    "unsubscribe": _gone,
    "click": _click,
    "scancode_push": _from_menu,
    "scancode_waitmsg": _from_menu,
    "pic_sysphoto": _silent,  # the photo itself follows as a message
    "pic_photo_or_album": _silent,
    "pic_weixin": _silent,
    "location_select": _silent,  # so does the place
    "view": _silent,
    "view_miniprogram": _silent,
    "location": _silent,  # reported by the app by itself
    "templatesendjobfinish": _template,
    "masssendjobfinish": _silent,
    "subscribe_msg_popup_event": _silent,
    "subscribe_msg_change_event": _silent,
    "subscribe_msg_sent_event": _silent,
}
