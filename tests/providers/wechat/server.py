"""api.weixin.qq.com on 127.0.0.1."""

from typing import Any

from tests.providers.envelope import AES_KEY, TOKEN
from tests.providers.http import Answer, Request
from tests.providers.tencent import TencentServer
from tests.providers.tokens import Tokens
from tests.providers.wechat import account, menu, messages
from tests.providers.wechat.errors import ERRORS
from tests.providers.wechat.people import Follower, Media, Shown

METHODS = {
    "stable_token": account.stable_token,
    "token": account.classic_token,
    "message/custom/send": messages.custom_send,
    "message/custom/typing": messages.typing,
    "message/template/send": messages.template_send,
    "message/subscribe/bizsend": messages.subscribe_send,
    "media/get": account.media_get,
    "media/upload": account.media_upload,
    "menu/create": menu.create,
    "menu/get": menu.get,
    "menu/delete": menu.delete,
    "qrcode/create": account.scene_code,
    "user/info": account.user_info,
    "get_api_domain_ip": account.addresses,
    "getcallbackip": account.addresses,
    "clear_quota": account.clear_quota,
}


class WeChatServer(TencentServer):
    """`url` goes into FRONTDOOR_WECHAT_API_URL, `app_id` and `secret` into the settings of that name.

    `shown` is what appeared on users' phones, passive replies included (see `WeChatSender`).
    """

    errors = ERRORS
    without_token = frozenset({"stable_token", "token"})
    methods = METHODS

    def __init__(self, app_id: str = "wx0123456789abcdef", secret: str = "0123456789abcdef" * 2) -> None:
        self.app_id, self.secret = app_id, secret
        self.tokens = Tokens(self.now, unknown=40001)
        self.followers: dict[str, Follower] = {}
        self.shown: list[Shown] = []
        self.media: dict[str, Media] = {}
        self.scenes: dict[str, str] = {}  # ticket of a QR code -> its scene
        self.templates: dict[str, set[str]] = {}  # template id -> the fields it demands
        self.menu: dict[str, Any] | None = None
        self.quota_clears = 0
        super().__init__()

    @property
    def settings(self) -> dict[str, str]:
        """For `Settings(**…)`; with FRONTDOOR_ and capitals for the environment."""
        own = {"wechat_api_url": self.url, "wechat_app_id": self.app_id, "wechat_app_secret": self.secret}
        return own | {"wechat_token": TOKEN, "wechat_aes_key": AES_KEY}

    def follow(self, openid: str, **details: Any) -> Follower:
        """A follower without any quota yet; the sender's messages give it."""
        return self.followers.setdefault(openid, Follower(openid, **details))

    def show(
        self, openid: str, how: str, kind: str, text: str, content: dict[str, Any] | None = None
    ) -> None:
        self.shown.append(Shown(openid, how, kind, text, content or {}))

    def texts(self, openid: str) -> list[str]:
        """What this user read, in order."""
        return [shown.text for shown in self.shown if shown.openid == openid and shown.text]

    def check_token(self, token: str) -> None:
        self.tokens.check(token)

    def answer(self, request: Request) -> Answer:
        if not request.path.startswith("/video/"):
            return super().answer(request)
        media = self.media.get(request.path.removeprefix("/video/"))
        return Answer(media.content, content_type=media.content_type) if media else Answer(status=404)
