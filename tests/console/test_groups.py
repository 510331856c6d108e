"""The page of Q&A groups: steps while it is waited for, its code, strangers named, texts to paste, the end."""

from datetime import date, datetime, time, timedelta

import pytest

from core.groups.end import promise_end
from core.groups.model import GroupMember, QaGroup
from core.groups.post import post
from core.house import House
from core.knowledge.model import Revision
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from core.training.model import Course, Enrolment, TrainingSession
from tests.console.conftest import Desk

PICTURE = "https://wework.qpic.cn/wwpic/local/0"


@pytest.fixture
def group(desk: Desk, house: House) -> int:
    """A WeCom group that is waited for; 王芳 and 张伟 have a place in it."""
    at = house.clock.now()
    with house.database.session() as session:
        course = Course(title="空调使用", category="air_conditioner", created_at=at)
        session.add(course)
        session.flush()
        made = TrainingSession(course_id=course.id, code="PX4821", state="held", starts_at=at, ends_at=at)
        made.lessons, made.lesson_minutes, made.break_minutes, made.seats = 2, 70, 20, 9
        made.place, made.category, made.created_at = "三楼", "air_conditioner", at
        session.add(made)
        session.flush()
        found = QaGroup(session_id=made.id, channel="wecom", token="QA23456789AB", state="waiting_for_admin")
        found.opens_on, found.ends_on = date(2026, 11, 26), date(2026, 12, 10)
        found.created_at = found.changed_at = at
        session.add(found)
        session.flush()
        for place, name in enumerate(("王芳", "张伟")):
            row = Enrolment(session_id=made.id, name=name, state="attended", via="import", position=place)
            row.created_at = row.changed_at = at
            session.add(row)
            session.flush()
            mine = GroupMember(group_id=found.id, enrolment_id=row.id, name=name, token=f"QA{name}")
            mine.invite_link = f"{PICTURE}/{place}"
            session.add(mine)
        session.commit()
        desk.enter("trainer")
        return found.id


def opened(house: House, number: int) -> None:
    with house.database.session() as session:
        found = session.get_one(QaGroup, number)
        found.state, found.external_id, found.invite_link, found.join_way = "open", "wr1", PICTURE, "c1"
        stranger = GroupMember(group_id=number, external_id="wmX", name="芳芳", token="QAX")
        stranger.state, stranger.reason, stranger.asked_at = "declined", "stranger", house.clock.now()
        session.add(stranger)
        session.commit()


def test_step_by_step_until_it_appears(desk: Desk, group: int) -> None:
    page = desk.get(f"/groups/{group}").text
    assert page.count("<li>") >= 5 and "PX4821 空调使用" in page and "QA23456789AB" in page
    assert 'http-equiv="refresh"' in page and "正在等这个群出现" in page
    assert "正在查看" in desk.post(f"/groups/{group}/do", verb="look").text
    order = desk.row(OutboxMessage)
    assert (order.channel, order.extra) == ("wecom_group", {"do": "find", "all": True})


def test_what_wecom_says_no_to_is_shown(desk: Desk, house: House, group: int) -> None:
    desk.post(f"/groups/{group}/do", verb="look")
    with house.database.session() as session:
        session.query(OutboxMessage).one().error = "Later: wecom 48002 api forbidden"
        session.commit()
    page = desk.get(f"/groups/{group}").text
    assert "48002 api forbidden" in page and "可调用应用" in page


def test_its_code_and_who_a_stranger_is(desk: Desk, house: House, group: int) -> None:
    opened(house, group)
    answer = desk.get(f"/groups/{group}")
    assert f'<img src="{PICTURE}"' in answer.text and f"{PICTURE}/1" in answer.text
    assert "https://*.qpic.cn" in answer.headers["content-security-policy"]
    assert "芳芳" in answer.text and "移出群聊" in answer.text
    stranger, wang = desk.row(GroupMember), desk.row(Enrolment, Enrolment.name == "王芳")
    done = desk.post(f"/groups/{group}/do", verb="confirm", member=str(stranger.id), enrolment=str(wang.id))
    assert "已认出" in done.text
    place = desk.row(GroupMember, GroupMember.enrolment_id == wang.id)
    assert (place.state, place.external_id, place.reason) == ("joined", "wmX", "trainer")
    wrong = desk.post(f"/groups/{group}/do", verb="deny", member=str(place.id))
    assert "已改回" in wrong.text
    place = desk.row(GroupMember, GroupMember.enrolment_id == wang.id)
    assert (place.state, place.external_id) == ("invited", None)
    assert desk.row(GroupMember, GroupMember.external_id == "wmX").state == "declined"
    asked = desk.row(OutboxMessage).extra  # a fresh code for her
    assert (asked["do"], asked["state"], asked["member"]) == ("make_way", place.token, place.id)


def test_texts_to_paste_and_the_end(desk: Desk, house: House, group: int) -> None:
    opened(house, group)
    with house.database.session() as session:
        post(session, house, group, "先清洗滤网", quote=None)
        session.commit()
    page = desk.get(f"/groups/{group}").text
    assert 'data-copy="先清洗滤网"' in page and "请复制后发到群里" in page
    assert "已结束" in desk.post(f"/groups/{group}/do", verb="close").text
    assert desk.row(QaGroup).state == "closed"
    orders = [row.extra.get("config") for row in _orders(desk) if row.extra.get("do") == "take_way"]
    assert orders == ["c1"]
    assert "不能这样做" in desk.post(f"/groups/{group}/do", verb="hand_over", to="trainer").text


def test_only_who_edits_and_only_what_is_there(desk: Desk, house: House, group: int) -> None:
    opened(house, group)
    stranger = desk.row(GroupMember)
    for form in ({"member": "999"}, {"member": "x"}, {"member": str(stranger.id), "enrolment": "999"}):
        assert "没有找到这个人" in desk.post(f"/groups/{group}/do", verb="confirm", **form).text
    assert desk.post(f"/groups/{group}/do", verb="explode").status_code == 404
    assert desk.get("/groups/999").status_code == 404
    desk.enter("auditor")
    assert desk.get(f"/groups/{group}").status_code == 200
    assert desk.post(f"/groups/{group}/do", verb="close").status_code == 403
    desk.enter("agent")
    assert desk.get("/groups").status_code == 403


def _orders(desk: Desk) -> list[OutboxMessage]:
    with desk.house.database.reading() as session:
        return session.query(OutboxMessage).order_by(OutboxMessage.id).all()


def test_ways_in_as_codes_for_whom_no_chat_reaches(desk: Desk, house: House, group: int) -> None:
    opened(house, group)
    with house.database.session() as session:
        session.get_one(QaGroup, group).channel = "web"
        session.commit()
    wang = desk.row(GroupMember, GroupMember.name == "王芳")
    page = desk.get(f"/groups/{group}").text
    assert f'data-copy="/groups/{wang.token}"' in page and f"/groups/{group}/way/{wang.id}.svg" in page
    code = desk.get(f"/groups/{group}/way/{wang.id}.svg")
    assert code.headers["content-type"].startswith("image/svg") and code.headers["cache-control"].endswith(
        "no-store"
    )
    assert desk.get(f"/groups/{group}/way/0.svg").text != code.text
    stranger = desk.row(GroupMember, GroupMember.external_id == "wmX")
    assert desk.get(f"/groups/{group}/way/{stranger.id}.svg").status_code == 404
    assert desk.get("/groups/999/way/0.svg").status_code == 404
    desk.enter("agent")
    assert desk.get(f"/groups/{group}/way/{wang.id}.svg").status_code in (403, 404)


def test_its_last_day_is_moved_with_what_is_promised(desk: Desk, house: House, group: int) -> None:
    opened(house, group)
    with house.database.session() as session:
        promise_end(session, house, session.get_one(QaGroup, group))
        session.commit()
    day = house.local(house.clock.now()).date() + timedelta(days=40)
    assert "最后一天已改" in desk.post(f"/groups/{group}/do", verb="last_day", day=day.isoformat()).text
    assert desk.row(QaGroup).ends_on == day and f'value="{day}"' in desk.get(f"/groups/{group}").text
    promised = desk.row(Promise, Promise.key == f"group_end:{group}")
    assert house.local(promised.due_at) == datetime.combine(day, time(20), house.zone)
    told = desk.row(OutboxMessage, OutboxMessage.channel == "wecom_group")
    assert f"改到 {day:%m-%d} 结束" in told.text
    kept = desk.row(Revision, Revision.subject == "qa_group:PX4821:wecom")
    assert (kept.by, kept.data["ends_on"]) == ("trainer", day.isoformat()) and kept.version == 2
    again = desk.post(f"/groups/{group}/do", verb="last_day", day=day.isoformat())
    assert again.status_code < 400 and desk.row(OutboxMessage).id == told.id  # told once


@pytest.mark.parametrize(
    ("day", "why"), [("", "请填写日期"), ("2026-13-40", "请填写日期"), ("2020-01-01", "不能早于今天"),
                     ("2999-01-01", "最后一天太远")]
)  # fmt: skip
def test_a_last_day_that_cannot_be(desk: Desk, house: House, group: int, day: str, why: str) -> None:
    opened(house, group)
    before = desk.row(QaGroup).ends_on
    assert why in desk.post(f"/groups/{group}/do", verb="last_day", day=day).text
    assert desk.row(QaGroup).ends_on == before


def test_the_last_day_of_an_ended_group_stays(desk: Desk, house: House, group: int) -> None:
    desk.post(f"/groups/{group}/do", verb="close")
    assert 'name="day"' not in desk.get(f"/groups/{group}").text
    assert "已经结束" in desk.post(f"/groups/{group}/do", verb="last_day", day="2026-12-30").text


def test_what_it_listens_to_is_its_own_until_it_goes_back(desk: Desk, house: House, group: int) -> None:
    with house.database.session() as session:
        session.get_one(QaGroup, group).channel = "telegram"
        session.commit()
    page = desk.get(f"/groups/{group}").text
    assert 'value="mention" checked' in page and 'value="all"' in page and 'value="all" checked' not in page
    assert "已保存" in desk.post(f"/groups/{group}/do", verb="listen", listen=["all", "rubbish"]).text
    assert desk.row(QaGroup).listen == ["all"]
    page = desk.get(f"/groups/{group}").text
    assert 'value="all" checked' in page and 'value="mention" checked' not in page
    assert desk.row(Revision).data["listen"] == ["all"]
    desk.post(f"/groups/{group}/do", verb="listen_usual")
    assert desk.row(QaGroup).listen is None
    desk.post(f"/groups/{group}/do", verb="listen")
    assert desk.row(QaGroup).listen == []  # to nothing but commands


def test_a_group_is_prepared_before_its_session(desk: Desk, house: House, group: int) -> None:
    with house.database.session() as session:
        session.query(TrainingSession).one().state = "planned"
        session.commit()
    assert "提前建群" in desk.get("/groups").text and "PX4821" in desk.get("/groups").text
    done = desk.post("/groups/prepare", training=str(desk.row(TrainingSession).id), channel="web")
    assert "已安排" in done.text
    made = desk.row(QaGroup)
    assert (made.channel, made.state) == ("web", "open") and not desk.row(
        GroupMember, GroupMember.group_id == made.id
    )
    assert "没有开通" in desk.post("/groups/prepare", training=str(made.session_id), channel="fax").text
    assert "不能提前建群" in desk.post("/groups/prepare", training="999999", channel="web").text
    desk.enter("viewer")
    assert desk.post("/groups/prepare", training=str(made.session_id), channel="web").status_code == 403
