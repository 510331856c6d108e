"""One contract for every channel: what is said arrives once, whole, in order, or the row says why not."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from core.customer.model import Conversation, Customer, Identity
from core.house import House
from core.messaging.delivery import send_one
from core.messaging.lease import claim
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage, say
from tests.channels import rigs
from tests.channels.email.rig import email
from tests.channels.rigs import Rig
from tests.channels.telegram.rig import telegram
from tests.channels.wechat.rig import wechat

RIGS = {**rigs.RIGS, "telegram": telegram, "wechat": wechat, "email": email}

CHOICES = [
    {"key": "1", "label": "解决了"},
    {"key": "2", "label": "还是不行"},
    {"key": "0", "label": "转人工"},
]
SENTENCES = "".join(f"第{n}句话说的是空调不制冷的时候应该先看一看滤网。" for n in range(400))
FOUR_BYTES = "".join(f"𠮷野家的😀空调👨‍👩‍👧坏了𡃁。第{n}次。" for n in range(400))
NO_MARKS = "滤网" * 6000


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, house: House, tmp_path: Path) -> Iterator[Rig]:
    with RIGS[request.param](house, tmp_path) as made:
        yield made


@pytest.fixture
def conversation(rig: Rig, house: House) -> int:
    """The far end as a customer, so that a lost one can be marked."""
    at = house.clock.now()
    with house.database.session() as session:
        customer = Customer(created_at=at)
        identity = Identity(
            channel=rig.channel.name, external_id=rig.recipient, created_at=at, customer=customer
        )
        lane = f"{rig.channel.name}::{rig.recipient}"
        chat = Conversation(lane=lane, identity=identity, created_at=at, state={})
        session.add(chat)
        session.commit()
        return chat.id


def queue(house: House, rig: Rig, text: str, conversation: int | None = None, **more: Any) -> int | None:
    with house.database.session() as session:
        row = say(
            session,
            at=house.clock.now(),
            channel=rig.channel.name,
            recipient=rig.recipient,
            text=text,
            conversation_id=conversation,
            **more,
        )
        session.commit()
        return row.id if row else None


def deliver(house: House, rig: Rig, *, patiently: bool = False) -> None:
    """Turn the worker until nothing is due; ``patiently``: what waits for its next try is due now."""
    while True:
        if patiently:
            # A channel that keeps its provider's pace is asked again, but not three hundred times.
            time.sleep(0.05)
            due_in(house, 0)
        if not turn(house, rig):
            return


def turn(house: House, rig: Rig) -> int:
    """Work off what is due now, once; how many that were."""
    with house.database.session() as session:
        rows = claim(session, OutboxMessage, owner="test", limit=10, seconds=60)
        session.commit()
    for row in rows:
        send_one(house, {rig.channel.name: rig.channel}, row)
    return len(rows)


def due_in(house: House, seconds: float, *of: int | None) -> None:
    """``of``: the rows; without any, all."""
    with house.database.session() as session:
        mine = [OutboxMessage.id.in_(of)] if of else []
        session.execute(update(OutboxMessage).where(*mine).values(due_at=database_clock(seconds)))
        session.commit()


def row(house: House, number: int | None) -> OutboxMessage:
    with house.database.reading() as session:
        return session.scalars(select(OutboxMessage).where(OutboxMessage.id == number)).one()


def squeezed(text: str) -> str:
    """White space at the cuts is the one thing that may be lost."""
    return "".join(text.split())


def texts(rig: Rig) -> list[str]:
    return [message.text for message in rig.arrived()]


def test_what_is_said_arrives_and_the_row_has_a_receipt(rig: Rig, house: House) -> None:
    number = queue(house, rig, "您好，师傅明天上午到。\n请保持电话畅通。")
    deliver(house, rig)
    assert texts(rig) == ["您好，师傅明天上午到。\n请保持电话畅通。"]
    done = row(house, number)
    assert (done.status, done.attempt) == ("done", 1) and done.receipt


@pytest.mark.parametrize("choices", [CHOICES, []])
def test_choices_are_shown_with_the_message_they_belong_to(
    rig: Rig, house: House, choices: list[Any]
) -> None:
    queue(house, rig, "解决了吗？", choices=choices)
    deliver(house, rig)
    (message,) = rig.arrived()
    labels = [choice["label"] for choice in choices] if rig.shows_choices else []
    if rig.choices_in_text:
        assert all(label in message.text for label in labels)
    else:
        assert (message.text, list(message.choices)) == ("解决了吗？", labels)


def test_the_same_key_is_said_once(rig: Rig, house: House) -> None:
    assert queue(house, rig, "请评分", key="survey:1") is not None
    assert queue(house, rig, "请评分", key="survey:1") is None
    deliver(house, rig)
    assert queue(house, rig, "请评分", key="survey:1") is None
    deliver(house, rig)
    assert texts(rig) == ["请评分"]


def test_later_is_tried_again_and_nothing_overtakes_it(rig: Rig, house: House) -> None:
    numbers = [queue(house, rig, f"第{n}条") for n in range(3)]
    if rig.fails:
        rig.fails["later"]()
        assert turn(house, rig) == 1
        due_in(house, 3600, numbers[0])  # however slow this machine is, its next try is not yet
        deliver(house, rig)
        assert texts(rig) == [] and row(house, numbers[0]).error
    deliver(house, rig, patiently=True)
    assert texts(rig) == ["第0条", "第1条", "第2条"]
    assert {row(house, number).status for number in numbers} == {"done"}


@pytest.mark.parametrize("failure", ["never", "lost"])
def test_never_is_a_dead_letter_with_its_reason(
    rig: Rig, house: House, conversation: int, failure: str
) -> None:
    if not rig.fails or failure not in rig.fails:
        assert rig.limit is None or (failure == "lost" and not rig.loses), (
            "who has a provider with limits must say how it refuses"
        )
        return
    rig.fails[failure]()
    number = queue(house, rig, "到不了", conversation)
    following = queue(house, rig, "下一条", conversation)
    deliver(house, rig)
    dead = row(house, number)
    assert dead.status == "dead" and dead.error
    with house.database.reading() as session:
        identity = session.get_one(Conversation, conversation).identity
    assert (identity.dead_at is not None) == (failure == "lost")
    assert row(house, following).status == "done", "one refused message holds up no other"


@pytest.mark.parametrize(
    "text", [SENTENCES, FOUR_BYTES, NO_MARKS], ids=["sentences", "four bytes", "no marks"]
)
def test_a_text_that_is_too_long_comes_in_pieces_that_fit(rig: Rig, house: House, text: str) -> None:
    number = queue(house, rig, text, choices=CHOICES)
    deliver(house, rig)
    pieces = rig.arrived()
    if rig.limit is None:
        assert [piece.text for piece in pieces] == [text]
    else:
        assert len(pieces) > 1 and all(rig.count(piece.text) <= rig.limit for piece in pieces)
        assert squeezed("".join(piece.text for piece in pieces)).startswith(squeezed(text))
        if text is not NO_MARKS:
            assert all(piece.text.rstrip().endswith("。") for piece in pieces[:-1])
    if rig.shows_choices and not rig.choices_in_text:
        assert all(not piece.choices for piece in pieces[:-1]) and len(pieces[-1].choices) == 3
    assert row(house, number).status == "done"


def test_characters_of_four_bytes_arrive_whole(rig: Rig, house: House) -> None:
    text = "𠮷先生😀👨‍👩‍👧，您的🧊空调 e\u0301 好了"
    queue(house, rig, text)
    deliver(house, rig)
    assert texts(rig) == [text]


def test_control_characters_never_leave_the_house(rig: Rig, house: House) -> None:
    queue(house, rig, "您\x00好\x07，\x1b[31m师傅\x7f到\u0085了\ud800。\n\t完")
    deliver(house, rig)
    (text,) = texts(rig)
    assert text.replace("?", "") == "您好，[31m师傅到了。\n\t完"


@pytest.mark.parametrize("text", ["<b>&amp;</b>", "*_`[]()~>#+-=|{}.!", "{name} %s $1 \\n", "]]>", "0"])
def test_marks_of_other_languages_are_only_text(rig: Rig, house: House, text: str) -> None:
    queue(house, rig, text)
    deliver(house, rig)
    assert texts(rig) == [text]
