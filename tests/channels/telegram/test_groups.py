"""Groups: the bot speaks when it is spoken to, says number and state, and knows people, not chats."""

from typing import Any

import pytest

from core.customer.model import Conversation, Customer, Identity
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage, say
from core.ticket.model import Ticket
from tests.channels.desk import Desk, until
from tests.channels.telegram.test_conversation import Chat
from tests.channels.telegram.test_story import conserved, finished
from tests.providers.telegram import errors, media_updates, member_updates, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP, WANG

LI, OLD = 700002, -4242
HERS = f"telegram:123456789:{GROUP}/{WANG}"


@pytest.fixture
def chat(lone_desk: Desk, telegram: TelegramServer) -> Chat:
    telegram.meet(GROUP)
    return Chat(lone_desk, telegram)


def mention(words: str, sender: int = WANG, chat_id: int = GROUP) -> dict[str, Any]:
    mark = {"type": "mention", "offset": 0, "length": len("@frontdoor_bot")}
    return updates.text(f"@frontdoor_bot {words}", chat_id, sender=updates.user(sender), entities=[mark])


def in_group(chat: Chat, *brought: dict[str, Any]) -> str:
    chat.sends(*brought)
    return (chat.server.texts(GROUP) or [""])[-1]


def test_chatter_that_is_not_for_us_is_neither_answered_nor_kept(chat: Chat) -> None:
    chatter = [
        updates.text("谁家空调不制冷了", GROUP),
        updates.command("/play@music_bot", GROUP),
        updates.anonymous_admin("@frontdoor_bot 空调不制冷"),
        updates.channel_post("停水通知"),
        updates.text("/status", GROUP, sender=updates.user(9, "bot") | {"is_bot": True}),
        updates.edited(mention("空调不制冷")),
        media_updates.photo(chat_id=GROUP),
        updates.message(GROUP, new_chat_title="新群名"),
    ]
    for update in chatter:  # channel posts are not asked for; a forgotten setting must not hurt
        chat.server.state.allowed = []
        chat.server.deliver(update)
    chat.desk.quiet()
    assert not chat.server.texts(GROUP) and not chat.desk.rows(Customer)
    rows = chat.desk.rows(InboxMessage)
    assert {row.kind for row in rows} == {"silent"} and len(rows) == len(chatter)
    assert "谁家空调" not in str([(row.text, row.payload) for row in rows])
    conserved(chat.desk)


def test_whoever_speaks_to_us_is_invited_into_private(chat: Chat) -> None:
    answer = updates.text(
        "你好", GROUP, reply_to_message=updates.message(GROUP, updates.bot(), text="x")["message"]
    )
    for update in (mention("空调不制冷"), answer, updates.command("/repair", GROUP)):
        said = in_group(chat, update)
        assert "私聊" in said
        sent = chat.server.called("sendMessage")[-1]
        button = sent["reply_markup"]["inline_keyboard"][0][0]
        assert button["url"] == "https://t.me/frontdoor_bot?start=private"
        assert sent["reply_parameters"]["message_id"] == update["message"]["message_id"]
    assert not chat.desk.rows(Ticket) and not chat.server.texts(WANG)
    assert "很高兴为您服务" in chat.sends(updates.start("private"))


def test_the_group_hears_number_and_state_and_nothing_else(chat: Chat) -> None:
    ticket = chat.files()
    said = in_group(chat, mention("我的报修到哪一步了"))
    assert (f"工单 {ticket.number}" in said and "待处理" in said) or "已" in said
    for secret in ("王芳", "13800138000", "天府大道", "美的", "空调", "KFR"):
        assert secret not in said
    assert ticket.number in in_group(chat, updates.command(f"/status@frontdoor_bot {ticket.number}", GROUP))


def test_somebody_elses_number_tells_nothing(chat: Chat) -> None:
    ticket = chat.files()
    said = in_group(chat, mention(f"查一下{ticket.number}", sender=LI))
    assert ticket.number not in said and "没有找到" in said


def test_identity_is_the_sender_and_every_sender_has_a_conversation_of_their_own(chat: Chat) -> None:
    in_group(chat, mention("你好"), mention("你好", sender=LI))
    chat.sends(updates.text("你好"))
    identities = {row.external_id for row in chat.desk.rows(Identity)}
    assert identities == {str(WANG), str(LI)}
    lanes = {row.lane for row in chat.desk.rows(Conversation)}
    assert lanes == {HERS, f"telegram:123456789:{GROUP}/{LI}", f"telegram:123456789:{WANG}"}


def test_danger_is_answered_in_the_group_at_once_and_the_rest_in_private(chat: Chat) -> None:
    said = in_group(chat, mention("洗衣机漏电了，有人触电！"))
    assert "安全" in said and "私聊" in said
    (ticket,) = chat.desk.rows(Ticket)
    assert ticket.severity == "urgent" and ticket.number in said
    assert chat.desk.rows(OutboxMessage, OutboxMessage.audience == "staff")
    asked = chat.sends(updates.start("private"))
    assert ticket.number in asked and "电话" in asked
    assert "地址" in chat.says("13800138000")
    chat.says("成都市武侯区天府大道1号3栋201")
    (ticket,) = chat.desk.rows(Ticket)
    assert ticket.phone == "+8613800138000" and "天府大道" in ticket.address
    conserved(chat.desk)


def test_what_we_say_by_ourselves_never_goes_to_the_group(chat: Chat) -> None:
    number = chat.files().number
    in_group(chat, mention("我的报修到哪一步了"))  # the group is where she was heard last
    before = len(chat.server.texts(GROUP))
    finished(chat.desk, number)
    assert len(chat.server.texts(GROUP)) == before
    assert number in "".join(chat.server.texts(WANG)[-2:])


def test_a_button_of_one_person_in_the_group_is_not_anothers(chat: Chat) -> None:
    in_group(chat, mention("你好"))
    house = chat.desk.front.house
    with house.database.session() as session:
        say(session, at=house.clock.now(), channel="telegram", account="123456789", recipient=f"{GROUP}/{WANG}",
            text="选", choices=[{"key": "1", "label": "选它"}])  # fmt: skip
        session.commit()
    chat.desk.front.outbox_bell.ring()
    chat.desk.quiet()
    in_group(chat, chat.server.press(GROUP, "选它", sender=updates.user(LI)))
    assert all(row.pressed_at is None for row in chat.desk.rows(OutboxMessage))


def test_removed_from_the_group_is_no_word_about_the_person(chat: Chat) -> None:
    in_group(chat, mention("你好"))
    chat.sends(updates.start())
    chat.server.deliver(member_updates.kicked())
    chat.sends(mention("在吗"))
    assert all(row.dead_at is None for row in chat.desk.rows(Identity))
    dead = chat.desk.rows(OutboxMessage, OutboxMessage.status == "dead")
    assert [row.recipient for row in dead] == [f"{GROUP}/{WANG}"]
    assert "很高兴" in chat.sends(updates.command("/help")) or chat.count


def test_who_joins_or_asks_to_is_kept_in_silence_even_when_the_link_was_revoked(chat: Chat) -> None:
    link = {"invite_link": "https://t.me/+x", "is_revoked": True}
    chat.sends(member_updates.join_request(link=link), member_updates.joined(LI), member_updates.left(LI))
    rows = chat.desk.rows(InboxMessage)
    assert [row.kind for row in rows] == ["join_request", "member", "member"]
    assert {row.outcome for row in rows} == {"foreign_group"}  # not one of ours: its own people decide
    assert not any("Chat" in call.method and "Action" not in call.method for call in chat.server.calls)
    assert not chat.server.called("sendMessage")


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0,), (1,), (0, 1, 0, 1)])
def test_a_group_that_becomes_a_supergroup_keeps_its_conversations(
    desk: Desk, telegram: TelegramServer, order: tuple[int, ...]
) -> None:
    chat = Chat(desk, telegram)
    telegram.meet(OLD, GROUP)
    chat.sends(mention("你好", chat_id=OLD))
    (before,) = desk.rows(Conversation)
    telegram.fail(errors.too_many(2), on="sendMessage", chat=OLD)
    telegram.deliver(mention("在吗", chat_id=OLD))  # its answer still waits when the group moves
    until(lambda: any((call.answer or {}).get("error_code") == 429 for call in telegram.calls))
    service = member_updates.migrated(OLD, GROUP)
    for place in order:
        telegram.deliver(service[place])
    telegram.migrate(OLD, GROUP)
    desk.quiet()
    chat.sends(mention("还在吗"))
    (after,) = desk.rows(Conversation)
    assert (after.id, after.lane) == (before.id, HERS)
    assert len(telegram.texts(GROUP)) == 2
    conserved(desk)


def test_a_migration_that_only_a_refusal_tells_of(desk: Desk, telegram: TelegramServer) -> None:
    chat = Chat(desk, telegram)
    telegram.meet(OLD)
    chat.sends(mention("你好", chat_id=OLD))
    telegram.migrate(OLD, GROUP)
    chat.sends(mention("你好，空调不制冷", chat_id=OLD))
    assert len(telegram.texts(GROUP)) == 1 and "私聊" in telegram.texts(GROUP)[0]
    assert [row.lane for row in desk.rows(Conversation)] == [HERS]
    conserved(desk)
