"""The group page in web chat, over HTTP on the real app: one's own link in one's own browser, and nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from core.groups.model import GroupMember, QaGroup
from core.groups.post import post
from core.house import House
from core.staff.model import Staff
from core.training.model import Enrolment, TrainingSession
from core.training.schedule import Plan, add_course, plan_session
from tests.channels.desk import Desk, running, until

WANG, LI, STRANGER = "wang-browser-1", "li-browser-22", "stranger-333"


class Room:
    """A session with 王芳, who chats with us, and 李明 and 赵强, who were on a list."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.house = desk, desk.front.house
        self.code = self._plan()
        for words in (self.code, "王芳", "13800138000", "第一中学"):
            self.tells(WANG, words)
        self._list("李明", "赵强")
        self._ends()

    def tells(self, visitor: str, words: str) -> None:
        assert self.desk.post(visitor, f"{words}", words).status_code == 202
        self.desk.quiet()

    def heard(self, visitor: str) -> str:
        page = self.desk.client.get("/webchat/messages", params={"visitor": visitor}).json()
        return "\n".join(m["text"] for m in page["messages"] if m["direction"] == "out")

    def does(self, what: str, name: str, visitor: str, **more: Any) -> httpx.Response:
        body = {"visitor": visitor, **more}
        return self.desk.client.post(f"/groups/{self.token(name)}/{what}", json=body)

    def asks(self, name: str, visitor: str, words: str) -> httpx.Response:
        answer = self.does("messages", name, visitor, id=words[:20], text=words)
        self.desk.quiet()
        return answer

    def sees(self, name: str, visitor: str) -> list[dict[str, Any]]:
        shown = self.does("look", name, visitor).json()
        return shown["messages"]

    def token(self, name: str) -> str:
        found = self.desk.rows(GroupMember, GroupMember.name == name, GroupMember.enrolment_id.is_not(None))
        return next(member.token for member in found if member.state != "declined")

    @property
    def group(self) -> QaGroup:
        (group,) = self.desk.rows(QaGroup)
        return group

    def passes(self, span: str) -> None:
        self.desk.passes(span)

    def _plan(self) -> str:
        at = self.house.clock.now()
        day = self.house.local(at).date() + timedelta(days=1)
        start = self.house.local(at).replace(year=day.year, month=day.month, day=day.day, hour=10, minute=0)
        with self.house.database.session() as session:
            trainer = Staff(name="孙老师", role="trainer", created_at=at)
            session.add(trainer)
            course = add_course(session, title="教学屏使用", category="display", outline=None, at=at)
            session.flush()
            plan = Plan(course.id, start, start + timedelta(minutes=150), 9, "三楼", trainer_id=trainer.id)
            code = plan_session(session, self.house, plan, at=at).code
            session.commit()
            return code

    def _list(self, *names: str) -> None:
        at = self.house.clock.now()
        with self.house.database.session() as session:
            training = session.query(TrainingSession).one()
            for place, name in enumerate(names):
                row = Enrolment(
                    session_id=training.id, name=name, via="import", position=place + 9, state="registered"
                )
                row.created_at = row.changed_at = at
                session.add(row)
            session.query(Enrolment).update({"state": "attended"})
            session.commit()
            self.ends = training.ends_at

    def _ends(self) -> None:
        self.passes(f"{int((self.ends - self.house.clock.now()) / timedelta(minutes=1)) + 5}m")
        until(lambda: self.desk.rows(GroupMember))  # the app's own clock may be the one that keeps it
        self.desk.quiet()


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    with running(database_url) as desk:
        yield Room(desk)


def test_members_read_each_other_and_nobody_else_reads_a_word(room: Room) -> None:
    assert room.group.state == "open" and f"/groups/{room.token('王芳')}" in room.heard(WANG)
    assert room.does("join", "王芳", WANG).json() == {"joined": True}
    assert room.does("join", "李明", LI).status_code == 200
    assert room.asks("王芳", WANG, "谢谢老师").status_code == 202
    with room.house.database.session() as session:
        post(session, room.house, room.group.id, "各位老师好", quote=None)
        session.commit()
    room.desk.front.outbox_bell.ring()
    room.desk.quiet()
    assert [(m["from"], m["text"]) for m in room.sees("李明", LI)] == [
        ("王芳", "谢谢老师"),
        (None, "各位老师好"),
    ]
    assert room.does("look", "李明", LI).json()["members"] == ["李明", "王芳"]
    # A stranger with a link that is somebody's, one with none, and a member's browser with another's link:
    for name, visitor in (("王芳", STRANGER), ("李明", WANG), ("赵强", WANG)):
        assert room.does("look", name, visitor).status_code == 403
        assert room.asks(name, visitor, "让我看看").status_code == 403
    assert room.does("join", "王芳", STRANGER).json()["why"] == "second_account"
    assert room.does("join", "赵强", WANG).json()["why"] == "not_theirs"
    made_up = {"visitor": STRANGER}
    assert room.desk.client.post("/groups/QAAAAAAAAAAA/join", json=made_up).status_code == 404
    assert room.desk.client.post("/groups/QAAAAAAAAAAA/look", json=made_up).status_code == 403


def test_leaving_another_browser_and_the_end(room: Room) -> None:
    room.does("join", "王芳", WANG)
    assert room.does("leave", "王芳", WANG).json() == {"left": True}
    assert room.does("look", "王芳", WANG).status_code == 403
    assert room.does("join", "王芳", STRANGER).status_code == 200  # her own link, in a new browser
    assert room.does("join", "王芳", WANG).json()["why"] == "second_account"
    room.passes("15d")
    assert room.group.state == "closed"
    assert "到今天结束" in room.sees("王芳", STRANGER)[-1]["text"]
    assert room.asks("王芳", STRANGER, "还在吗").status_code == 403
    assert room.does("join", "李明", LI).json()["why"] == "over"


def test_nothing_of_a_ticket_is_said_in_the_group(room: Room) -> None:
    room.does("join", "王芳", WANG)
    room.does("join", "李明", LI)
    room.asks("王芳", WANG, "我的报修到哪一步了")
    room.asks("王芳", WANG, "我家洗衣机漏电了，电到人了，电话13800138000")
    mine, theirs = room.sees("王芳", WANG), room.sees("李明", LI)
    assert next(m["text"] for m in mine if m["mine"]) == "我的报修到哪一步了"
    assert theirs == []
    assert not any(number in str(theirs) for number in numbers(room.house))
    assert any(m.get("private") for m in mine)


def test_a_number_in_a_question_is_nobody_elses(room: Room) -> None:
    room.does("join", "王芳", WANG)
    room.does("join", "李明", LI)
    room.asks("王芳", WANG, "孙老师课上用的那个小程序叫什么名字？打我电话13800138000告诉我")
    (mine, *_), (theirs, *_) = room.sees("王芳", WANG), room.sees("李明", LI)
    assert "13800138000" in mine["text"] and "小程序" in theirs["text"]
    assert "13800138000" not in str(room.sees("李明", LI)) and "138****8000" in theirs["text"]


def numbers(house: House) -> list[str]:
    from core.ticket.model import Ticket

    with house.database.reading() as session:
        found = [ticket.number for ticket in session.query(Ticket)]
    assert found
    return found


def test_the_page_itself_tells_nothing(room: Room) -> None:
    page = room.desk.client.get(f"/groups/{room.token('王芳')}")
    assert page.headers["referrer-policy"] == "no-referrer" and "王芳" not in page.text
    assert room.desk.client.get("/try/static/group.js").status_code == 200


def test_a_look_waits_for_news(room: Room) -> None:
    room.does("join", "王芳", WANG)
    first = room.does("look", "王芳", WANG).json()
    same = room.does("look", "王芳", WANG, mark=first["mark"], wait=0.2).json()
    assert same["mark"] == first["mark"]
    room.asks("王芳", WANG, "谢谢")
    until(lambda: room.does("look", "王芳", WANG, mark=first["mark"]).json()["mark"] != first["mark"])


def test_a_question_is_answered_for_all_and_a_fault_goes_on_in_private(room: Room) -> None:
    """王芳 asks what the house knows, what only 孙老师 knows, and tells of a fault that is hers alone."""
    room.does("join", "王芳", WANG)
    room.does("join", "李明", LI)
    known, unknown = "一体机怎么无线投屏？", "孙老师课上用的那个小程序叫什么名字？"
    room.asks("王芳", WANG, known)
    room.asks("王芳", WANG, unknown)
    room.asks("王芳", WANG, "我家教学屏黑屏了")
    theirs = room.sees("李明", LI)
    asked = {m["text"]: m["id"] for m in theirs if m["from"]}
    assert list(asked) == [known, unknown]
    answers = {m["answers"]: m["text"] for m in theirs if m["from"] is None}
    assert "投屏" in answers[asked[known]] and "孙老师" in answers[asked[unknown]]
    assert "黑屏" in str(room.sees("王芳", WANG)) and "黑屏" not in str(theirs)
    assert "教学屏" in room.heard(WANG).splitlines()[-1] or "黑屏" in room.heard(WANG)
