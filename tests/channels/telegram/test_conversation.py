"""Private chats: buttons pressed twice and late, cards, changed messages, albums, files, commands, blocking."""

from typing import Any

import pytest

from bot.telegram.keyboard import Keys
from core.customer.model import Customer, Identity
from core.media.model import Media
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.ticket.model import Ticket, TimelineEntry
from tests.channels.desk import Desk, at_once, until
from tests.channels.telegram.test_story import conserved, finished
from tests.providers.telegram import errors, media_updates, member_updates, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import WANG

LI = 700002
FILED = (
    "我家美的空调不制冷了",
    "直接报修",
    "我叫王芳，电话13800138000，住成都市武侯区天府大道1号3栋201，去年5月买的，型号KFR-35GW",
)


class Chat:
    """王女士 at her telephone."""

    def __init__(self, desk: Desk, server: TelegramServer) -> None:
        self.desk, self.server = desk, server

    def sends(self, *brought: dict[str, Any]) -> str:
        """The newest thing said to her, once everything is answered."""
        for update in brought:
            assert self.server.deliver(update) == [200]
        self.desk.quiet()
        return (self.server.texts(WANG) or [""])[-1]

    def says(self, text: str) -> str:
        return self.sends(updates.text(text))

    def files(self) -> Ticket:
        for text in FILED:
            self.says(text)
        self.sends(self.server.press(WANG, "确认提交"))
        (ticket,) = self.desk.rows(Ticket)
        return ticket

    @property
    def ticket(self) -> Ticket:
        return self.desk.rows(Ticket)[-1]

    @property
    def count(self) -> int:
        return len(self.server.texts(WANG))

    def outcomes(self) -> list[str | None]:
        return [row.outcome for row in self.desk.rows(InboxMessage)]


@pytest.fixture
def chat(lone_desk: Desk, telegram: TelegramServer) -> Chat:
    return Chat(lone_desk, telegram)


# --- buttons


def test_a_button_pressed_twice_at_once_counts_once(chat: Chat) -> None:
    chat.says("我家美的空调不制冷了")
    presses = [chat.server.press(WANG, "还是不行") for _ in range(4)]
    at_once(*[lambda press=press: chat.server.deliver(press) for press in presses])
    chat.desk.quiet()
    assert sorted(str(o) for o in chat.outcomes()[1:]) == ["help", *["press_again"] * 3]
    assert len(chat.server.called("answerCallbackQuery")) == 4  # every press is answered
    assert sum("第 2 步" in text for text in chat.server.texts(WANG)) == 1
    assert "已经选过" in "".join(chat.server.texts(WANG)) or "选" in chat.server.texts(WANG)[-1]


def test_the_same_press_delivered_twice_is_silent(chat: Chat) -> None:
    chat.says("我家美的空调不制冷了")
    press = chat.server.press(WANG, "还是不行")
    chat.sends(press)
    before = chat.count
    chat.sends(press, press | {"update_id": 1})
    assert chat.count == before and chat.outcomes()[-1] == "duplicate"


def test_a_button_of_an_earlier_question_says_so(chat: Chat) -> None:
    chat.sends(updates.start())
    old = chat.server.press(WANG, "投诉")
    chat.says("我家美的空调不制冷了")
    chat.sends(old)
    assert chat.outcomes()[-1] == "press_old" and not chat.desk.rows(Ticket)
    assert not any(
        "inline_keyboard" in m.get("reply_markup", {}) and "投诉建议" in str(m)
        for m in chat.server.sent(WANG)
    )


def test_buttons_made_up_or_of_another_person_do_nothing(chat: Chat) -> None:
    chat.says("我家美的空调不制冷了")
    mine = chat.server.press(WANG, "还是不行")
    data, message = mine["callback_query"]["data"], mine["callback_query"]["message"]
    row = data.split(".")[0]
    forged = [f"{row}.1.AAAAAAAAAAAAAAAA", Keys("guess").data(int(row), "1"), "9" * 200, "", "1", "🙂"]
    for made_up in forged:
        chat.sends(updates.callback(made_up, message))
        assert chat.outcomes()[-1] == "press_refused"
    stolen = updates.callback(data, message | {"chat": updates.chat(LI)}, updates.user(LI, "李雷"))
    chat.sends(stolen)
    assert chat.outcomes()[-1] == "press_refused"
    assert "第 2 步" in chat.sends(mine)  # it was not used up


# --- cards and places


def test_the_own_card_is_the_phone_number_and_anothers_is_refused(chat: Chat) -> None:
    chat.says("我家美的空调不制冷了")
    chat.says("直接报修")
    chat.says("美的，型号KFR-35GW，去年5月买的")
    chat.says("王芳")
    asked = chat.server.called("sendMessage")[-1]
    assert asked["reply_markup"]["keyboard"][0][0]["request_contact"]
    refused = chat.sends(media_updates.contact("+8613900139000", owner=LI))
    assert "不是您本人" in refused and "电话" in refused
    assert chat.server.called("sendMessage")[-1]["reply_markup"]["keyboard"][0][0]["request_contact"]
    chat.sends(media_updates.contact("+8613900139000", owner=0))
    assert chat.outcomes()[-2:] == ["contact_refused"] * 2
    chat.sends(media_updates.contact("8613800138000"))
    asked = chat.server.called("sendMessage")[-1]
    assert asked["reply_markup"]["keyboard"][0][0]["request_location"]  # the address comes next
    assert "13900139000" not in str([row.payload for row in chat.desk.rows(InboxMessage)])


def test_a_live_location_is_answered_once_and_moves_in_silence(chat: Chat) -> None:
    place = media_updates.location(live=900)
    chat.sends(place)
    before = chat.count
    for step in range(3):
        chat.sends(media_updates.moved(place, 30.66 + step / 1000, 104.07))
    assert chat.count == before == 1


# --- changed messages


def test_a_changed_message_corrects_the_form(chat: Chat) -> None:
    first = updates.text("我家美的空调不制冷了")
    chat.sends(first)
    chat.sends(updates.edited(first, text="我家格力空调漏水了"))
    for text in FILED[1:]:
        chat.says(text)
    chat.sends(chat.server.press(WANG, "确认提交"))
    assert (chat.ticket.brand, chat.ticket.category, chat.ticket.symptom) == (
        "格力", "air_conditioner", "water_leak",
    )  # fmt: skip
    assert "不制冷" not in chat.ticket.description and "漏水" in chat.ticket.description
    conserved(chat.desk)


def test_a_changed_appliance_gets_its_own_steps(chat: Chat) -> None:
    first = updates.text("空调不制冷了")
    chat.sends(first)
    answer = chat.sends(updates.edited(first, text="冰箱不制冷了"))
    assert "冰箱" in answer and "第 1 步" in answer


def test_a_changed_phone_number_replaces_the_first_one(chat: Chat) -> None:
    for text in FILED[:2]:
        chat.says(text)
    facts = updates.text(FILED[2])
    chat.sends(facts)
    read_back = chat.sends(updates.edited(facts, text=FILED[2].replace("13800138000", "13900139000")))
    assert "13900139000" in read_back and "13800138000" not in read_back
    same = chat.count
    chat.sends(updates.edited(facts, text=FILED[2].replace("13800138000", "13900139000")))
    assert chat.count == same  # a link preview or a formatting: nothing was changed


def test_a_change_after_filing_is_noted_for_those_who_work_on_it(chat: Chat) -> None:
    first = updates.text(FILED[0])
    chat.sends(first)
    for text in FILED[1:]:
        chat.says(text)
    chat.sends(chat.server.press(WANG, "确认提交"))
    answer = chat.sends(updates.edited(first, text="我家美的空调不制冷，还有异响"))
    assert chat.ticket.number in answer and "记在" in answer
    (entry,) = chat.desk.rows(TimelineEntry, TimelineEntry.verb == "edit")
    assert "还有异响" in str(entry.note)
    assert len(chat.desk.rows(Ticket)) == 1
    pushed = chat.desk.rows(OutboxMessage, OutboxMessage.audience == "staff")
    assert "还有异响" in pushed[-1].text


def test_a_change_after_the_ticket_has_ended_is_only_kept(chat: Chat) -> None:
    first = updates.text(FILED[0])
    chat.sends(first)
    for text in FILED[1:]:
        chat.says(text)
    chat.sends(chat.server.press(WANG, "确认提交"))
    finished(chat.desk, chat.ticket.number, "accept", "close")
    answer = chat.sends(updates.edited(first, text="我家美的空调漏水"))
    assert "已经结束" in answer and "0" in answer
    assert chat.ticket.state == "closed" and len(chat.desk.rows(Ticket)) == 1
    assert not chat.desk.rows(TimelineEntry, TimelineEntry.verb == "edit")


def test_a_typing_mistake_corrected_before_anything_else_is_read_as_meant(chat: Chat) -> None:
    first = updates.text("哈哈哈呵呵")
    chat.sends(first)
    assert "第 1 步" in chat.sends(updates.edited(first, text="美的空调不制冷"))


def test_a_change_that_overtakes_its_message_stands_for_it(chat: Chat) -> None:
    first = updates.text("我家美的空调不制冷了")
    assert "第 1 步" in chat.sends(updates.edited(first, text="我家格力空调不制冷了"))
    before = chat.count
    chat.sends(first)
    assert chat.count == before and chat.outcomes()[-1] == "duplicate"
    conserved(chat.desk)


def test_danger_told_by_a_change_is_heard(chat: Chat) -> None:
    first = updates.text("空调不制冷")
    chat.sends(first)
    assert "安全" in chat.sends(updates.edited(first, text="空调漏电了，冒烟"))
    assert chat.ticket.severity == "urgent"


# --- files


def test_ten_photos_of_an_album_are_one_tickets_and_answered_once(
    desk: Desk, telegram: TelegramServer
) -> None:
    chat = Chat(desk, telegram)
    names = [f"p{n}" for n in range(10)]
    telegram.state.files |= {name: b"\xff\xd8\xff\xe0" + name.encode() for name in names}
    chat.says("我家美的空调不制冷了")
    before = chat.count
    album = media_updates.album(names, caption="")
    telegram.deliver_all(album, copies=2, shuffle=3)
    desk.quiet()
    assert chat.count == before + 1
    for text in FILED[1:]:
        chat.says(text)
    chat.sends(telegram.press(WANG, "确认提交"))
    until(lambda: {m.status for m in desk.rows(Media)} == {"done"})
    assert [m.ticket_id for m in desk.rows(Media)] == [chat.ticket.id] * 10
    assert {m.provider_id for m in desk.rows(Media)} == set(names)  # the largest of each
    assert len(desk.rows(Ticket)) == 1


def test_every_kind_of_file_is_kept(chat: Chat) -> None:
    chat.server.state.files |= {
        "voice-1": b"OggS" + bytes(30), "video-1": b"\0\0\0\x18ftypmp42" + bytes(30), "document-1": b"%PDF-1.4",
    }  # fmt: skip
    answers = [chat.sends(f()) for f in (media_updates.voice, media_updates.video, media_updates.document)]
    assert all(answers) and chat.count == 3
    until(lambda: {m.status for m in chat.desk.rows(Media)} == {"done"})
    kinds = [(m.kind, m.mime) for m in chat.desk.rows(Media)]
    assert kinds == [("voice", "audio/ogg"), ("video", "video/mp4"), ("file", "application/pdf")]
    assert chat.desk.rows(Media)[-1].name == "发票.pdf"


def test_a_file_too_large_is_refused_with_what_to_do_instead(chat: Chat) -> None:
    answer = chat.sends(media_updates.document(size=21 * 1024 * 1024, caption="洗衣机漏水"))
    assert "20 MB" in answer and "第 1 步" in answer  # what was written below it counts
    assert not chat.desk.rows(Media) and not chat.server.called("getFile")


def test_a_file_of_which_telegram_did_not_say_that_it_is_too_large(chat: Chat) -> None:
    chat.files()
    chat.server.state.files["video-1"] = bytes(21 * 1024 * 1024)
    chat.sends(media_updates.video())
    until(lambda: [m.status for m in chat.desk.rows(Media)] == ["dead"])
    assert "too big" in str(chat.desk.rows(Media)[0].error)
    assert chat.desk.rows(TimelineEntry, TimelineEntry.verb == "file_lost")


def test_a_sticker_is_answered_politely(chat: Chat) -> None:
    assert "0" in chat.sends(media_updates.sticker())
    assert chat.outcomes() == ["unknown"]


# --- commands


def test_the_menu_of_commands(chat: Chat) -> None:
    assert "很高兴为您服务" in chat.sends(updates.start())
    assert "电器" in chat.sends(updates.command("/repair"))
    chat.sends(updates.command("/help"))
    assert "工单" in chat.sends(updates.command("/status"))
    chat.sends(updates.command("/fees"), updates.command("/complain"))
    assert "English" in chat.sends(updates.command("/language"))
    assert "not submitted yet" in chat.sends(updates.command("/status"))  # the complaint that /complain began
    chat.sends(updates.command("/language zh"))
    chat.sends(updates.command("/stop"))
    assert chat.desk.rows(Customer)[0].opted_out_at is not None
    assert "转人工" in chat.sends(updates.command("/person"))
    assert chat.ticket.wants == "person"
    outcomes = ["follow", "repair", "help", "status", "fees", "complain", "language", "status", "language"]
    assert chat.outcomes() == [*outcomes, "stop", "person"]
    conserved(chat.desk)


def test_words_after_a_command_say_more_than_the_command(chat: Chat) -> None:
    assert "安全" in chat.sends(updates.command("/repair 洗衣机漏电了"))
    number = chat.ticket.number
    assert number in chat.sends(updates.command(f"/status {number}"))
    assert "没有" in chat.sends(updates.command("/status 2601010001"))


def test_a_command_leaves_the_open_question_open(chat: Chat) -> None:
    chat.says("我家美的空调不制冷了")
    answer = chat.sends(updates.command("/fees"))
    assert chat.outcomes()[-1] == "fees" and "还是不行" in str(chat.server.sent(WANG)[-1]["reply_markup"])
    assert answer


@pytest.mark.parametrize("payload", ["forged", "AAAAAAAAAAAAAAAA", "../../etc", "' OR 1=1", "x" * 64, "长"])
def test_a_link_with_a_made_up_payload_is_a_plain_greeting(chat: Chat, payload: str) -> None:
    assert "很高兴为您服务" in chat.sends(updates.start(payload))
    assert not chat.desk.rows(Ticket)


def test_the_language_of_the_telephone_is_where_we_begin(chat: Chat, telegram: TelegramServer) -> None:
    john = updates.user(700009, "John", "en-GB")
    chat.sends(updates.start(sender=john))
    assert "how can we help" in telegram.texts(700009)[-1]
    chat.sends(updates.text("我家空调不制冷了", 700009, sender=john))
    assert "第 1 步" in telegram.texts(700009)[-1]


# --- gone and back


def test_who_blocks_us_is_reached_another_way_and_is_back_when_they_return(chat: Chat) -> None:
    number = chat.files().number
    chat.sends(member_updates.blocked())
    (identity,) = chat.desk.rows(Identity)
    assert identity.dead_at is not None
    before = len(chat.server.called("sendMessage"))
    finished(chat.desk, number, "accept", "dispatch", "appoint", when="2099-01-05T10:00:00+08:00")
    assert len(chat.server.called("sendMessage")) == before  # nothing is tried in vain
    chat.sends(member_updates.unblocked())
    assert chat.desk.rows(Identity)[0].dead_at is None
    conserved(chat.desk)


def test_a_403_says_the_same_and_the_message_goes_the_next_way(chat: Chat) -> None:
    number = chat.files().number
    chat.server.block(WANG)
    finished(chat.desk, number, "accept", "dispatch", "arrive", "done")
    assert chat.desk.rows(Identity)[0].dead_at is not None
    hops = chat.desk.rows(TimelineEntry, TimelineEntry.verb == "hop")
    assert hops and "telegram → call" in hops[0].note and "blocked by the user" in hops[0].note
    called = chat.desk.rows(OutboxMessage, OutboxMessage.key.like("hop:%:call:%"))
    assert called and "13800138000" in called[0].text


def test_telegram_away_for_a_while_loses_nothing(chat: Chat) -> None:
    chat.server.fail(errors.broken(), on="sendMessage", times=2)
    chat.server.fail(errors.dropped(), on="sendMessage", times=1)
    chat.says("你好")
    assert chat.count == 1
    conserved(chat.desk)
