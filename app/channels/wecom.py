"""WeCom, wired: the self-built app that staff use, customer groups, and the group robot that is told as well."""

from app.frontdoor import Frontdoor
from app.settings import Settings
from bot.wecom import channel, robot, webhook
from bot.wecom.api import WeComApi
from bot.wecom.broadcasts import Broadcasts
from bot.wecom.crypto import Envelope
from bot.wecom.customer_groups import CustomerGroups
from bot.wecom.group_channel import WeComGroupChannel
from core.database import Database
from core.messaging.credential import Credentials
from core.messaging.pace import Pace


def connect(front: Frontdoor) -> None:
    """Adds the channel, the robot where one is set, and the webhook."""
    settings, database = front.settings, front.house.database
    api = api_of(settings, database)
    front.channels["wecom"] = channel.WeComChannel(api, Pace(database, **channel.PACE))
    front.channels["wecom_group"] = WeComGroupChannel(CustomerGroups(api), Broadcasts(api), front.house)
    envelope = Envelope(settings.wecom_token, settings.wecom_aes_key, settings.wecom_corp_id)
    front.routers.append(webhook.routes(envelope, front.reception))
    if settings.wecom_robot_key:
        front.channels["wecom_robot"] = robot.WeComRobot(
            key=settings.wecom_robot_key,
            url=settings.wecom_api_url,
            pace=Pace(database, **robot.PACE),
        )


def api_of(settings: Settings, database: Database) -> WeComApi:
    return WeComApi(
        corp_id=settings.wecom_corp_id,
        agent_id=settings.wecom_agent_id,
        secret=settings.wecom_secret,
        url=settings.wecom_api_url,
        credentials=Credentials(database),
    )
