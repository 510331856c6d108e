"""What a QR code must hold so that scanning it follows us, or opens our chat, with one of our tokens.

https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Generating_a_Parametric_QR_Code.html
"""

from bot.wechat.api import Api
from core.messaging.channel import Later


def scene_link(api: Api, token: str) -> str:
    """A permanent code: it is printed, and an account may have 100,000 of them. Raises Later or Never."""
    scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": token}}}
    url = api.call(lambda client: client.qrcode.create(scene)).get("url")
    if not url:
        raise Later("no address in the answer")
    return str(url)
