"""The picture of a self-help step: uploaded when it is first shown, then named by its media id while WeChat keeps it."""

import time

from wechatpy import WeChatClient

from bot.wechat.api import Api
from core.knowledge.pictures import Pictures
from core.messaging.channel import Never

KEPT = 2.5 * 86400  # seconds that we rely on an upload; WeChat keeps it for three days
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}


class StepPictures:
    """Sends pictures as image messages. What they cost of the allowance is the caller's business."""

    def __init__(self, api: Api, pictures: Pictures) -> None:
        self._api, self._pictures = api, pictures
        self._uploaded: dict[str, tuple[str, float]] = {}  # picture → media id, and until when (monotonic)

    def send(self, openid: str, picture: str) -> None:
        """Raises what Api raises, and Never where there is no such picture or WeChat does not take its kind."""
        media_id, until = self._uploaded.get(picture, ("", 0.0))
        if until > time.monotonic():
            try:
                self._send(openid, media_id)
                return
            except Never as refused:
                if "40007" not in str(refused):
                    raise
        media_id = self._upload(picture)
        self._send(openid, media_id)
        self._uploaded[picture] = media_id, time.monotonic() + KEPT

    def _send(self, openid: str, media_id: str) -> None:
        self._api.call(lambda client: client.message.send_image(openid, media_id))

    def _upload(self, picture: str) -> str:
        try:
            content, mime = self._pictures.content(picture)
            name = f"{picture}.{_ENDINGS[mime]}"
        except LookupError:
            raise Never("no such picture, or of a kind that WeChat does not take", lost=False) from None

        def upload(client: WeChatClient) -> object:
            return client.media.upload("image", (name, content, mime))

        media_id = self._api.call(upload).get("media_id")
        if not media_id:
            raise Never("an upload without a media id", lost=False)
        return str(media_id)
