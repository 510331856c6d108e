"""One customer on several channels: a proved phone number joins them, a claimed one never does."""

from sqlalchemy import select

from core.customer.linking import verify_phone
from core.customer.model import Customer, Identity
from tests.play import REPORT, Story


def prove(story: Story, external_id: str, phone: str) -> int:
    with story.house.database.session() as session:
        identity = session.scalars(select(Identity).where(Identity.external_id == external_id)).one()
        at = story.house.clock.now()
        owner = verify_phone(session, identity.customer, phone, at=at, actor="周客服", channel="staff")
        session.commit()
        return owner.id


def test_a_ticket_opened_on_one_channel_is_asked_about_on_another(story: Story) -> None:
    story.play(REPORT)
    number = story.tickets()[0]["number"]
    prove(story, "王女士", "+8613800138000")
    story.says("你好", who="tg-wang", channel="telegram")
    assert number not in story.says("我的报修到哪一步了", who="tg-wang", channel="telegram")
    prove(story, "tg-wang", "+8613800138000")
    assert number in story.says("我的报修到哪一步了", who="tg-wang", channel="telegram")
    story.conserved()


def test_a_claimed_number_shows_nothing(story: Story) -> None:
    story.play(REPORT)
    number = story.tickets()[0]["number"]
    prove(story, "王女士", "+8613800138000")
    story.says("我要投诉", who="骗子")
    story.says("你们上次的师傅态度很差，我电话13800138000", who="骗子")
    answer = story.says("我的报修到哪一步了", who="骗子")
    assert number not in answer and "天府大道" not in answer


def test_proving_twice_changes_nothing(story: Story) -> None:
    story.play(REPORT)
    assert prove(story, "王女士", "+8613800138000") == prove(story, "王女士", "+8613800138000")
    with story.house.database.reading() as session:
        assert session.scalars(select(Customer).where(Customer.merged_into.is_not(None))).all() == []
