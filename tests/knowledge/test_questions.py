"""Answers in the house: the confidence line, what is learned, edits in another process."""

from sqlalchemy import select

from core.house import House
from core.knowledge import shelf
from core.knowledge.book import Book
from core.knowledge.model import Question, Revision
from core.knowledge.questions import Answered, Unanswered, answer, learn
from core.knowledge.reference import touch

QUESTION, REPLY = "洗碗机亮碗剂放哪里", "请放进门内侧的亮碗剂盒，到最高线为止。"


def ask(house: House, question: str, **narrowed: str) -> Answered | Unanswered:
    with house.database.reading() as session:
        return answer(session, house, question, **narrowed)  # type: ignore[arg-type]


def test_an_answer_names_its_source(house: House) -> None:
    found = ask(house, "热水器的镁棒几年换一回")
    assert isinstance(found, Answered)
    assert found.pair.key == "question:heater-anode" and found.source == "热水器说明书·保养"
    assert found.confidence >= house.book.policy("search")["sure"]


def test_below_the_line_nothing_is_said(house: House) -> None:
    found = ask(house, "微波炉能热鸡蛋吗")
    assert isinstance(found, Unanswered) and found.why == "unsure" and len(found.nearest) == 3
    assert ask(house, "qwertz") == Unanswered("nothing_like_it")


def test_english_is_answered_in_english_where_we_have_it(house: House) -> None:
    found = ask(house, "How do I cast my phone to the TV?", language="en")
    assert isinstance(found, Answered) and found.pair.answer.startswith("Put phone and TV")


def test_what_a_trainer_confirms_answers_the_next_asker(house: House) -> None:
    other = House(house.database, house.clock, Book(house.database), house.zone)  # another process
    assert isinstance(ask(other, QUESTION), Unanswered)
    with house.database.session() as session:
        learn(session, QUESTION, REPLY, product="other", by="李工", source="李工")
        session.commit()
    for asked in (house, other):
        found = ask(asked, QUESTION)
        assert isinstance(found, Answered) and found.pair.answer == REPLY and found.source == "李工"


def test_learning_twice_is_one_question_and_two_versions(house: House) -> None:
    with house.database.session() as session:
        first = learn(session, QUESTION, REPLY, product="other", by="李工", source="李工")
        again = learn(session, QUESTION, "新的回答。", product="other", by="赵经理", source="赵经理")
        assert first is again and again.answer == "新的回答。"
        versions = session.scalars(select(Revision).where(Revision.subject == f"question:{again.id}")).all()
        assert [(row.version, row.by) for row in versions] == [(1, "李工"), (2, "赵经理")]


def test_a_similar_wording_is_added_to_what_is_there(house: House) -> None:
    wording = "空空荡荡的网罩子咋整"
    with house.database.session() as session:
        row = learn(
            session,
            wording,
            "",
            product="air_conditioner",
            by="李工",
            source="李工",
            similar_to="ac-clean-filter",
        )
        assert (
            row.id == "ac-clean-filter" and row.similar[-1] == wording and row.answer.startswith("请关机断电")
        )
        session.commit()
    found = ask(house, wording)
    assert isinstance(found, Answered) and found.pair.key == "question:ac-clean-filter"


def test_what_is_switched_off_is_not_answered(house: House) -> None:
    with house.database.session() as session:
        session.get_one(Question, "heater-anode").active = False
        learn(session, QUESTION, REPLY, product="other", by="李工", source="李工")
        session.commit()
    found = ask(house, "镁棒多久换一次")
    assert not isinstance(found, Answered) or found.pair.key != "question:heater-anode"


def test_who_asks_while_the_index_is_made_anew_does_not_wait(house: House) -> None:
    assert isinstance(ask(house, "镁棒多久换一次"), Answered)
    with house.database.session() as session:
        learn(session, QUESTION, REPLY, product="other", by="李工", source="李工")
        session.commit()
    with shelf._building[house.book]:  # another asker is at it
        assert isinstance(ask(house, "镁棒多久换一次"), Answered)
        assert isinstance(ask(house, QUESTION), Unanswered)
    assert isinstance(ask(house, QUESTION), Answered)


def test_an_edit_elsewhere_leaves_the_index_as_it_is(house: House) -> None:
    with house.database.reading() as session:
        before = shelf.index(session, house)
    with house.database.session() as session:
        touch(session)
        session.commit()
    with house.database.reading() as session:
        assert shelf.index(session, house) is before
