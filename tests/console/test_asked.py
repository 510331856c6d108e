"""The page 提问: waiting ones first, an answer and its wording by click, who is late, and who may only look."""

import re
from datetime import timedelta

from core.asked.ask import ask
from core.asked.model import AskedQuestion
from core.customer.model import Conversation, Customer, Identity
from core.knowledge.model import Question
from core.messaging.outbox import OutboxMessage
from core.roster.model import Absence
from tests.console.conftest import Desk

TEXT = "班牌怎么切到考勤模式，我电话13912345678"


def asked(desk: Desk, text: str = TEXT) -> str:
    """Somebody asks in web chat what no article answers; the number of its ticket."""
    with desk.house.database.session() as session:
        at = desk.house.clock.now()
        who = Customer(created_at=at, language="zh", name="吴敏")
        chat = Identity(channel="webchat", account="", external_id=text, created_at=at, customer=who)
        session.add(
            Conversation(lane=f"webchat::{text}", identity=chat, created_at=at, state={}, last_heard_at=at)
        )
        session.flush()
        about = {"group_id": None, "category": "display", "quote": None, "at": at, "channel": "webchat"}
        came = ask(session, desk.house, asker=who, text=text, **about)  # type: ignore[arg-type]
        session.commit()
        return str(came.row.ticket.number) if came.row.ticket else ""


def test_from_the_question_to_what_the_next_one_hears(desk: Desk) -> None:
    number = asked(desk)
    desk.enter("trainer")
    page = desk.get("/asked").text
    assert "班牌怎么切到考勤模式" in page and "13912345678" not in page and number in page
    desk.post(f"/asked/{number}", do="answer", answer="长按右下角。")
    said = desk.row(OutboxMessage, OutboxMessage.audience == "customer")
    assert "trainer回答：长按右下角。" in said.text
    assert number not in desk.get("/asked").text
    page = desk.get("/asked?show=answered").text
    assert "长按右下角。" in page and "13912345678" not in page
    desk.post(f"/asked/{number}", do="keep", question="班牌怎么切到考勤模式", answer="长按右下角三秒。")
    kept = desk.row(Question, Question.id.startswith("learned-"))
    assert (kept.question, kept.answer) == ("班牌怎么切到考勤模式", "长按右下角三秒。")
    assert "13912345678" not in "".join([kept.question, *kept.similar])
    assert desk.row(AskedQuestion).state == "confirmed"
    assert number in desk.get("/asked?show=all").text


def test_one_more_wording_of_what_is_known(desk: Desk) -> None:
    number = asked(desk, "镁棒那玩意儿咋个整法子")
    desk.enter("trainer")
    desk.post(f"/asked/{number}", do="answer", answer="两到三年换一次。")
    desk.post(f"/asked/{number}", do="keep", question="镁棒那玩意儿咋个整法子", similar_to="heater-anode")
    pair = desk.row(Question, Question.id == "heater-anode")
    assert "镁棒那玩意儿咋个整法子" in pair.similar and pair.answer != "两到三年换一次。"


def test_who_is_late_is_marked(desk: Desk) -> None:
    asked(desk)
    desk.enter("agent")
    assert "已超时" not in desk.get("/asked").text
    desk.house.clock.move_to(desk.house.clock.now().replace(month=12))
    assert "已超时" in desk.get("/asked").text


def test_no_words_and_who_may_only_look(desk: Desk) -> None:
    number = asked(desk)
    desk.enter("trainer")
    assert "请写上答案" in desk.post(f"/asked/{number}", do="answer", answer="  ").text
    assert desk.row(AskedQuestion).state == "waiting"
    assert "还没有回答" in desk.post(f"/asked/{number}", do="keep", question="班牌", answer="x").text
    desk.enter("auditor")
    assert "<textarea" not in desk.get("/asked").text
    assert desk.post(f"/asked/{number}", do="answer", answer="x").status_code == 403
    desk.enter("technician")
    assert desk.get("/asked").status_code == 403


def test_a_reply_on_the_tickets_page_is_the_answer(desk: Desk) -> None:
    number = asked(desk)
    desk.enter("agent")
    assert "对提问的回答" in desk.get(f"/tickets/{number}").text
    desk.do(number, "reply", text="长按右下角。", once="one")
    row = desk.row(AskedQuestion)
    assert (row.state, row.answer, row.answered_by) == ("answered", "长按右下角。", "agent")


def test_handed_over_by_click(desk: Desk) -> None:
    """Who is on leave is shown and cannot be chosen; who looked at an older page is told who has it."""
    number, now = asked(desk), desk.house.clock.now()
    with desk.house.database.session() as session:
        day = timedelta(days=1)
        session.add(Absence(staff="technician", starts_at=now - day, ends_at=now + day))
        session.commit()
    desk.enter("agent")
    page = desk.get("/asked").text
    options = re.findall(r'<option value="(\w+)" (disabled)?>', page)
    assert ("trainer", "") in options and ("technician", "disabled") in options
    assert not {"viewer", "auditor"} & {name for name, _ in options}
    order = {"do": "hand_over", "holder": ""}
    assert "休假到" in desk.post(f"/asked/{number}", to="technician", **order).text
    assert "没有能回答提问的在职同事" in desk.post(f"/asked/{number}", to="viewer", **order).text
    assert "已转交" in desk.post(f"/asked/{number}", to="trainer", **order).text
    assert desk.row(AskedQuestion).trainer == "trainer"
    assert "现在由 trainer 负责" in desk.post(f"/asked/{number}", to="agent", **order).text
    desk.enter("trainer")
    assert TEXT.split("，")[0] in desk.get("/asked?mine=1").text
    again = {"do": "hand_over", "holder": "trainer", "to": "trainer"}
    assert "本来就在您" in desk.post(f"/asked/{number}", **again).text
    assert "— → trainer" in desk.get(f"/tickets/{number}").text
    pushed = desk.row(OutboxMessage, OutboxMessage.text.contains("提问转交给您"))
    assert pushed.extra["to"] == "trainer" and "由agent转交" in pushed.text
    desk.enter("manager")
    page = desk.get("/pushes").text  # and the way to where it is answered
    assert "提问转交给您" in page and 'href="/console/asked">提问' in page


def test_given_to_somebody_on_the_tickets_page_it_is_handed_over(desk: Desk) -> None:
    number = asked(desk)
    desk.enter("dispatcher")
    desk.do(number, "assign", to="trainer")
    assert desk.row(AskedQuestion).trainer == "trainer"
    assert desk.row(OutboxMessage, OutboxMessage.text.contains("提问转交给您"))
    assert "没有能回答提问的在职同事" in desk.do(number, "assign", to="auditor").text


def test_what_needs_no_answer(desk: Desk) -> None:
    number = asked(desk)
    desk.enter("trainer")
    order = {"do": "no_answer", "holder": ""}
    assert "选一个不用答的原因" in desk.post(f"/asked/{number}", reason="because", **order).text
    assert desk.row(AskedQuestion).state == "waiting"
    assert "好的，不用答" in desk.post(f"/asked/{number}", reason="oral", **order).text
    row = desk.row(AskedQuestion)
    assert (row.state, row.needs_none, row.needs_none_by) == ("withdrawn", "oral", "trainer")
    assert "已经当面" in desk.row(OutboxMessage, OutboxMessage.audience == "customer").text
    assert number not in desk.get("/asked").text
    assert "不用答（已口头答复）" in desk.get("/asked?show=all").text
    assert "已口头答复" in desk.get(f"/tickets/{number}").text
    for do in ({"do": "no_answer", "reason": "thanks"}, {"do": "hand_over", "to": "agent"}):
        assert "已标为不用答" in desk.post(f"/asked/{number}", **do).text
    assert "已标为不用答" in desk.post(f"/asked/{number}", do="answer", answer="长按右下角。").text
    desk.enter("auditor")
    assert desk.post(f"/asked/{number}", **order, reason="oral").status_code == 403
