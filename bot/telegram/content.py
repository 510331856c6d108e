"""What a message is made of: Telegram's fields for it → our kind, text and files. Pure, by one table."""

import math
from collections.abc import Callable
from typing import Any

Thing = dict[str, Any]
MOST_BYTES = 20 * 1024 * 1024  # getFile refuses larger ones
_MOST_MB = 20

Content = tuple[str, str, Thing]  # kind, text, payload


def content_of(message: Thing) -> Content | None:
    """None for what nobody said: a title changed, a message pinned. Something newer than we are is ``unknown``."""
    for field, read in READERS.items():
        if field in message:
            return read(message)
    return None if any(name.startswith(SERVICE) for name in message) else ("unknown", "", {})


def _text(message: Thing) -> Content:
    return "text", _string(message["text"]), {}


def _photo(message: Thing) -> Content:
    """The same picture in several sizes: the largest is kept."""
    sizes = message["photo"]
    largest = max(sizes, key=lambda size: size.get("width", 0) * size.get("height", 0))
    return _file(message, "image", largest)


def _of_kind(field: str, kind: str) -> Callable[[Thing], Content]:
    return lambda message: _file(message, kind, message[field])


def _document(message: Thing) -> Content:
    document = message["document"]
    picture = str(document.get("mime_type") or "").startswith("image/")
    return _file(message, "image" if picture else "file", document)


def _file(message: Thing, kind: str, file: Thing) -> Content:
    caption = _string(message.get("caption") or "")
    album = {"album": str(message["media_group_id"])} if message.get("media_group_id") else {}
    size = file.get("file_size")
    if isinstance(size, int) and size > MOST_BYTES:
        return "too_large", caption, {"most": _MOST_MB} | album
    name = file.get("file_name")
    one = {"id": _string(file["file_id"]), "kind": kind} | (
        {"name": name[:255]} if isinstance(name, str) else {}
    )
    return kind, caption, {"media": [one]} | album


def _location(message: Thing) -> Content:
    """Telegram's places are WGS-84, all over the world."""
    place = message["location"]
    return "location", "", _degrees(place)


def _venue(message: Thing) -> Content:
    venue = message["venue"]
    label = " ".join(filter(None, (venue.get("title"), venue.get("address"))))
    return "location", "", _degrees(venue["location"]) | {"label": label[:200]}


def _degrees(place: Thing) -> Thing:
    latitude, longitude = float(place["latitude"]), float(place["longitude"])
    if not (
        math.isfinite(latitude) and abs(latitude) <= 90 and math.isfinite(longitude) and abs(longitude) <= 180
    ):
        raise ValueError("not a place on earth")
    return {"latitude": latitude, "longitude": longitude, "datum": "wgs84"}


def _contact(message: Thing) -> Content:
    """Own only when Telegram says that the card is the sender's: anybody can forward anybody's card."""
    card = message["contact"]
    digits = "".join(c for c in _string(card["phone_number"]) if c.isdigit())
    owner, sender = card.get("user_id"), message["from"]["id"]
    own = owner is not None and owner == sender and "forward_origin" not in message
    phone = f"+{digits}"
    return "contact", phone if own else "", {"phone": phone, "own": True} if own else {"own": False}


def _unknown(message: Thing) -> Content:
    return "unknown", _string(message.get("caption") or ""), {}


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


# In this order: an animation comes with a document as well, a venue with a location.
READERS: dict[str, Callable[[Thing], Content]] = {
    "text": _text,
    "photo": _photo,
    "voice": _of_kind("voice", "voice"),
    "audio": _of_kind("audio", "voice"),
    "animation": _of_kind("animation", "video"),
    "video": _of_kind("video", "video"),
    "video_note": _of_kind("video_note", "video"),
    "document": _document,
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "sticker": _unknown,
    "dice": _unknown,
    "poll": _unknown,
    "story": _unknown,
}
# The service messages of Bot API 10: nobody said them.
SERVICE = (
    "new_chat_", "left_chat_", "delete_chat_photo", "group_chat_created", "supergroup_chat_", "channel_chat_",
    "message_auto_delete", "pinned_message", "forum_topic_", "general_forum_", "video_chat_", "write_access_",
    "connected_website", "proximity_alert", "boost_added", "chat_background", "users_shared", "chat_shared",
    "giveaway", "successful_payment", "refunded_payment", "passport_data", "web_app_data", "gift", "unique_gift",
    "paid_message_price", "direct_message_price", "suggested_post_", "checklist_tasks_", "chat_owner_",
)  # fmt: skip
