"""Updates that carry more than text: contacts, places, photos, sounds, files."""

from typing import Any

from tests.providers.telegram.updates import Thing, edited, message

CHENGDU = (30.6570, 104.0660)


def file(file_id: str, **more: Any) -> Thing:
    return {"file_id": file_id, "file_unique_id": f"u-{file_id}"} | more


def contact(
    phone: str = "+8613800138000", owner: int | None = None, chat_id: int | None = None, **more: Any
) -> Thing:
    """The sender's own phone, or that of user `owner`; `owner=0` is a card without a Telegram user."""
    update = message(chat_id, **more)
    event = update["message"]
    owner = event["from"]["id"] if owner is None else owner
    card = {"phone_number": phone, "first_name": event["from"]["first_name"]}
    event["contact"] = card | ({"user_id": owner} if owner else {})
    return update


def location(
    latitude: float = CHENGDU[0],
    longitude: float = CHENGDU[1],
    chat_id: int | None = None,
    live: int = 0,
    **more: Any,
) -> Thing:
    """A place (WGS-84); `live` seconds make it a moving one."""
    place = {"latitude": latitude, "longitude": longitude} | ({"live_period": live} if live else {})
    return message(chat_id, location=place, **more)


def moved(original: Thing, latitude: float, longitude: float) -> Thing:
    """A live location's next position comes as an edit."""
    place = original["message"]["location"] | {"latitude": latitude, "longitude": longitude}
    return edited(original, location=place)


def photo(file_id: str = "photo-1", chat_id: int | None = None, **more: Any) -> Thing:
    """Two sizes of one picture; the last is the largest."""
    small = file(f"{file_id}-small", width=90, height=67)
    return message(chat_id, photo=[small, file(file_id, width=1280, height=960)], **more)


def album(
    file_ids: list[str], caption: str = "", chat_id: int | None = None, group: str = "album-1", **more: Any
) -> list[Thing]:
    """Each photo is an update of its own; only the first has the caption."""
    first = photo(
        file_ids[0], chat_id, media_group_id=group, **({"caption": caption} if caption else {}), **more
    )
    return [first, *(photo(file_id, chat_id, media_group_id=group, **more) for file_id in file_ids[1:])]


def voice(file_id: str = "voice-1", chat_id: int | None = None, **more: Any) -> Thing:
    return message(chat_id, voice=file(file_id, duration=4, mime_type="audio/ogg"), **more)


def document(
    file_id: str = "document-1",
    chat_id: int | None = None,
    name: str = "发票.pdf",
    size: int = 1000,
    **more: Any,
) -> Thing:
    described = file(file_id, file_name=name, mime_type="application/pdf", file_size=size)
    return message(chat_id, document=described, **more)


def video(file_id: str = "video-1", chat_id: int | None = None, **more: Any) -> Thing:
    described = file(file_id, width=1280, height=720, duration=9, mime_type="video/mp4")
    return message(chat_id, video=described, **more)


def sticker(chat_id: int | None = None, **more: Any) -> Thing:
    described = file(
        "sticker-1", type="regular", width=512, height=512, is_animated=False, is_video=False, emoji="👍"
    )
    return message(chat_id, sticker=described, **more)
