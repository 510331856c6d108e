"""An alert that nobody takes in a chat goes on by e-mail, over a real socket, and then to the next person."""

from dataclasses import replace

from sqlalchemy import func, select

from core.escalation.model import AlertStep
from core.house import House
from core.messaging.channel import Never
from tests.channels.email.rig import channel_to
from tests.core.invariants import check
from tests.providers.smtp.server import SmtpServer
from tests.stories.chatting import ZHOU, Chatting

MAIL = "zhou@example.com"


def steps(chat: Chatting) -> list[tuple[str, str, bool]]:
    """(person, channel, failed) of the first alert, in order; those of its deadlines are others."""
    with chat.house.database.reading() as session:
        first = select(func.min(AlertStep.chain_id)).scalar_subquery()
        found = session.scalars(
            select(AlertStep).where(AlertStep.chain_id == first).order_by(AlertStep.id)
        ).all()
        return [(step.person, step.channel, step.failed_at is not None) for step in found]


def with_mail(house: House, server: SmtpServer) -> Chatting:
    chat = Chatting(replace(house, ways=("wecom", "telegram", "email")))
    chat.recorders["email"] = channel_to(server, house)  # type: ignore[assignment]
    chat.set("周客服", email=MAIL)
    return chat


def test_from_the_chat_to_the_mail_to_the_next_person(house: House) -> None:
    with SmtpServer() as server:
        chat = with_mail(house, server)
        number = chat.emergency()
        chat.passes("6m")
        assert [step[:2] for step in steps(chat)] == [("周客服", "wecom"), ("周客服", "email")]
        mail = server.mails[0]
        assert (
            mail["To"] == MAIL and number in mail["Subject"] and "/console/escalation" in mail.get_content()
        )
        chat.passes("10m")
        assert ("赵经理", "wecom", False) in steps(chat)
        check(chat.house)


def test_a_refused_mail_is_no_dead_end(house: House) -> None:
    with SmtpServer() as server:
        chat = with_mail(house, server)
        chat.recorders["wecom"].gone[ZHOU] = Never("down", lost=False)  # type: ignore[attr-defined]
        server.fail("RCPT", "550 5.1.1 no such mailbox")
        number = chat.emergency()
        chat.passes("1m")
        assert steps(chat)[:2] == [("周客服", "wecom", True), ("周客服", "email", True)]
        assert ("赵经理", "wecom", False) in steps(chat) and server.mails == []
        assert any("550 5.1.1" in line for line in chat.written(number, "push_failed"))
        check(chat.house)
