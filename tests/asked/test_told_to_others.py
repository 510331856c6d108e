"""What others read of a question that was asked in private, or with more in it than the group should know."""

from sqlalchemy import select

from core.groups.find import new_token
from core.groups.model import GroupMember
from core.groups.open import open_group, plan_group
from core.messaging.outbox import OutboxMessage
from core.training.model import Enrolment, TrainingSession
from tests.asked.conftest import ANSWER, SUN, Asking
from tests.asked.test_group import group, in_group, posted

__all__ = ["group"]
WU = ("wu", "吴敏", "13800138001")
TELLING = "我电话13800138001，工单2611230001，教学屏的班牌模块怎么切到考勤模式"


def in_wecom_group(asking: Asking) -> int:
    """吴敏 is in the WeCom group of her session, in which no program hears or speaks."""
    with asking.house.database.session() as session:
        at = asking.house.clock.now()
        enrolment = session.scalars(select(Enrolment)).one()
        training = session.get_one(TrainingSession, enrolment.session_id)
        made = plan_group(session, asking.house, training, "wecom", at=at)
        made.external_id = "wrChat"
        open_group(session, asking.house, made, at=at)
        place = GroupMember(group_id=made.id, enrolment_id=enrolment.id, name="吴敏", token=new_token())
        place.state = "joined"
        session.add(place)
        session.commit()
        return made.id


def offered(asking: Asking, number: int) -> list[str]:
    with asking.house.database.reading() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.channel == "wecom_group"))
        return [row.text for row in rows if row.extra.get("group") == number]


def test_what_is_offered_to_the_group_names_nobody_and_no_ticket(asking: Asking) -> None:
    asking.attended(*WU)
    number = in_wecom_group(asking)
    asking.says(TELLING, who="wu")
    asking.types(SUN, f"#{asking.number()} 回答 {ANSWER}")
    assert "我电话13800138001" in asking.heard("wu")  # in private it is quoted as it was asked
    (text,) = offered(asking, number)
    assert ANSWER in text and "班牌模块" in text and "138****8001" in text
    assert not any(secret in text for secret in ("13800138001", "2611230001", "吴敏"))


def test_nor_is_it_repeated_in_the_group_where_it_was_said(group: Asking) -> None:
    in_group(group, "501", TELLING)
    group.types(SUN, f"#{group.number()} 回答 {ANSWER}")
    (text,) = posted(group)
    assert ANSWER in text and "13800138001" not in text and "2611230001" not in text
