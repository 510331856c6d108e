"""The page 提问: waiting ones first, an answer and its wording by click, who is late, and who may only look."""

from core.asked.ask import ask
from core.asked.model import AskedQuestion
from core.customer.model import Conversation, Customer, Identity
from core.knowledge.model import Question
from core.messaging.outbox import OutboxMessage
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
