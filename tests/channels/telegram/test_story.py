"""The repair told over Telegram as Telegram delivers it, by webhook and by polling, on the real app."""

from collections.abc import Callable
from datetime import datetime

from core.media.model import Media
from core.messaging.audit import audit
from core.messaging.inbox import InboxMessage
from core.ticket.actions import Order, act
from core.ticket.model import Ticket
from scheduler.demo import advance
from tests.channels.desk import Desk, running, until
from tests.providers.telegram import media_updates, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import WANG

Bring = Callable[[dict], None]


def test_a_repair_from_the_first_word_to_the_rating_by_webhook(desk: Desk, telegram: TelegramServer) -> None:
    def bring(update: dict) -> None:
        assert telegram.deliver(update) == [200]

    tell(desk, telegram, bring)
    assert not telegram.called("getUpdates")


def test_the_same_with_nothing_but_a_token(database_url: str, telegram: TelegramServer) -> None:
    settings = {"telegram_token": telegram.token, "telegram_api_url": telegram.url}
    with running(database_url, **settings) as desk:

        def bring(update: dict) -> None:
            telegram.queue(update)
            number = str(update["update_id"])
            until(lambda: desk.rows(InboxMessage, InboxMessage.external_id == number))

        tell(desk, telegram, bring)
        assert not telegram.called("setWebhook")


def tell(desk: Desk, telegram: TelegramServer, bring: Bring) -> None:
    """王女士's repair: buttons, an album, her own number by a button, and the rating."""
    telegram.state.files |= {"p1": b"\xff\xd8\xff\xe0one", "p2": b"\xff\xd8\xff\xe0two"}

    def says(update: dict) -> str:
        bring(update)
        desk.quiet()
        return telegram.texts(WANG)[-1]

    assert "很高兴为您服务" in says(updates.start())
    assert "第 1 步" in says(updates.text("我家美的空调不制冷了"))
    assert "第 2 步" in says(telegram.press(WANG, "还是不行"))
    assert "✔ 还是不行" in telegram.texts(WANG)[-2]  # the button is gone, the choice is shown
    says(updates.text("直接报修"))
    for photo in media_updates.album(["p1", "p2"]):
        bring(photo)
    desk.quiet()
    says(updates.text("我叫王芳，住成都市武侯区天府大道1号3栋201，去年5月买的，型号KFR-35GW"))
    keyboard = telegram.called("sendMessage")[-1]["reply_markup"]["keyboard"]
    assert keyboard[0][0]["request_contact"] is True
    assert "13800138000" in says(media_updates.contact())
    assert "工单号" in says(telegram.press(WANG, "确认提交"))
    (ticket,) = desk.rows(Ticket)
    assert (ticket.phone, ticket.brand, ticket.opened_via) == ("+8613800138000", "美的", "telegram")
    until(lambda: [m.status for m in desk.rows(Media)] == ["done", "done"])
    assert {media.ticket_id for media in desk.rows(Media)} == {ticket.id}
    finished(desk, ticket.number)
    says(telegram.press(WANG, "已修好"))
    later(desk, "非常满意", telegram)
    assert "谢" in says(telegram.press(WANG, "非常满意"))
    (ticket,) = desk.rows(Ticket)
    assert ticket.rating == 5
    conserved(desk)


DONE = ("accept", "dispatch", "arrive", "done")


def finished(desk: Desk, number: str, *verbs: str, when: str | None = None) -> None:
    """The technician does the work, or as much of it as the verbs say."""
    house = desk.front.house
    for verb in verbs or DONE:
        moment = datetime.fromisoformat(when) if when and verb == "appoint" else None
        with house.database.session() as session:
            act(session, house, Order(number, verb, by="李工", at=house.clock.now(), when=moment))
            session.commit()
    desk.front.outbox_bell.ring()
    desk.quiet()


def later(desk: Desk, label: str, telegram: TelegramServer) -> None:
    """Days pass until we ask something that has this button."""
    for _ in range(8):
        shown = [m.get("reply_markup", {}).get("inline_keyboard", []) for m in telegram.sent(WANG)]
        if any(label in button["text"] for keyboard in shown for row in keyboard for button in row):
            return
        advance(desk.front.house, "24h")
        desk.front.outbox_bell.ring()
        desk.quiet()
    raise AssertionError(telegram.texts(WANG)[-3:])


def conserved(desk: Desk) -> None:
    with desk.front.house.database.reading() as session:
        report = audit(session, now=desk.front.house.clock.now())
    assert report["ok"], report["violations"]
