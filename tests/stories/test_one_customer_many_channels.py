"""One customer, many channels: a proved number is one file everywhere; a claimed one shows nothing, however it is asked."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.customer.desk import SeveralClaim, UnknownIdentity, unlinked_by_desk, verified_by_call
from core.customer.linking import unlink, verify_phone
from core.customer.model import Conversation, Customer, Device, Identity
from core.customer.proof import PhoneProof
from core.messaging.channel import Never, Outgoing
from core.messaging.outbox import OutboxMessage
from core.ticket.model import Ticket, TimelineEntry
from tests.play import REPORT, Recorder, Story
from tests.stories.arrivals import arrives

PHONE = "+8613800138000"
# What REPORT tells: none of it may reach anybody else.
SECRETS = ("王芳", "13800138000", "天府大道", "武侯", "空调", "美的", "KFR", "已登记", "不制冷")


def prove(story: Story, who: str, phone: str = PHONE) -> None:
    with story.house.database.session() as session:
        identity = session.scalars(select(Identity).where(Identity.external_id == who)).one()
        at = story.house.clock.now()
        verify_phone(session, identity.customer, phone, at=at, actor="周客服", channel="staff")
        session.commit()


def code(story: Story, who: str = "王女士", channel: str = "webchat") -> str:
    found = re.search(r"验证码 (\d{6})", story.heard(who, channel))
    assert found, story.heard(who, channel)
    return found[1]


def other(right: str) -> str:
    return f"{(int(right) + 1) % 10**6:06d}"


@pytest.fixture
def owner(story: Story) -> str:
    """王女士 reported by web chat and has proved her number; returns her ticket."""
    story.play(REPORT)
    prove(story, "王女士")
    return str(story.tickets()[0]["number"])


def tg(story: Story, text: str, who: str = "tg-wang") -> str:
    return story.says(text, who=who, channel="telegram")


def customer_of(story: Story, who: str) -> int:
    with story.house.database.reading() as session:
        return session.scalars(select(Identity.customer_id).where(Identity.external_id == who)).one()


def silent(answer: str) -> None:
    answer = _own(answer)
    assert answer and not [secret for secret in SECRETS if secret in answer], answer


# --- linking by a code


def test_a_code_from_the_other_chat_links_and_shows_everything(story: Story, owner: str) -> None:
    assert "手机号" in tg(story, "绑定手机")
    answer = tg(story, "13800138000")
    assert "尾号 8000" in answer and "2 没有收到" in answer
    message = story.heard("王女士")
    assert "Telegram" in message and "不是我" in message and "10 分钟" in message
    done = tg(story, code(story))
    assert "绑定成功" in done and owner in done and "美的空调" in done
    assert customer_of(story, "tg-wang") == customer_of(story, "王女士")
    assert owner in tg(story, "我的报修到哪一步了")
    story.conserved()


def test_the_wish_and_the_number_in_one_sentence_and_the_code_in_another_shape(
    story: Story, owner: str
) -> None:
    tg(story, "帮我绑定手机号 138 0013 8000。")
    right = code(story)
    assert "绑定成功" in tg(
        story,
        f"验证码是{right[:3]} {right[3:]}".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    )


def test_in_english(story: Story, owner: str) -> None:
    assert "phone number" in tg(story, "link my number")
    assert "ending in 8000" in tg(story, "13800138000")
    assert "Linked" in tg(story, code(story))


def test_the_open_report_goes_on_after_linking(story: Story, owner: str) -> None:
    assert "型号" in tg(story, "格力冰箱不制冷，直接报修")
    tg(story, "绑定手机")
    tg(story, "13800138000")
    done = tg(story, code(story))
    assert "绑定成功" in done and "型号" in done
    tg(story, "跳过")
    tg(story, "去年5月")
    answer = tg(story, "1")
    assert "工单号" in answer or "请您核对" in answer, answer
    story.conserved()


def test_only_the_hash_is_kept(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    right = code(story)
    tg(story, right)
    with story.house.database.reading() as session:
        texts = [*session.scalars(select(OutboxMessage.text)), *session.scalars(select(PhoneProof.code_hash))]
        assert not any(right in text for text in texts)
        assert session.scalars(select(OutboxMessage).where(OutboxMessage.key == "proof:1")).one().extra == {}


def test_a_code_that_nobody_typed_is_forgotten_when_its_time_is_over(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    right = code(story)
    story.passes("1h")
    with story.house.database.reading() as session:
        assert session.scalars(select(PhoneProof.outcome)).one() == "expired"
        assert not any(right in text for text in session.scalars(select(OutboxMessage.text)))
    story.conserved()


def test_devices_told_on_both_channels_become_one(story: Story, owner: str) -> None:
    tg(story, "美的空调不制冷，型号KFR-35GW，直接报修")
    tg(story, "绑定手机")
    tg(story, "13800138000")
    assert "绑定成功" in tg(story, code(story))
    with story.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Device)) == 1
    assert len(story.tickets()) == 1, "the same fault joins the ticket that is open"


# --- codes that do not work


def test_expired(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    right = code(story)
    story.house.clock.move_to(story.house.clock.now() + timedelta(minutes=11))
    assert "已经失效" in tg(story, right)
    assert customer_of(story, "tg-wang") != customer_of(story, "王女士")


def test_a_code_is_good_once(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    right = code(story)
    tg(story, right)
    tg(story, "解除绑定")
    tg(story, "1")
    assert "绑定成功" not in tg(story, right)
    assert customer_of(story, "tg-wang") != customer_of(story, "王女士")


def test_a_new_code_replaces_the_old(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    first = code(story)
    tg(story, "绑定手机 13800138000")
    second = code(story)
    if first != second:
        assert "不对" in tg(story, first)
    assert "绑定成功" in tg(story, second)


def test_the_code_of_another_conversation_is_nothing(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    right = code(story)
    assert "绑定成功" not in tg(story, right, who="tg-thief")
    assert "绑定成功" not in story.says(right, who="王女士")
    tg(story, "绑定手机 13800138000", who="tg-thief")
    mine = code(story)
    if mine != right:
        assert "不对" in tg(story, right, who="tg-thief")
    assert "绑定成功" in tg(story, right), "the other's claim does not disturb the first"
    assert customer_of(story, "tg-thief") != customer_of(story, "王女士")


def test_five_wrong_tries_end_it_for_an_hour(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    right = code(story)
    for left in (4, 3, 2, 1):
        assert f"还可以试 {left} 次" in tg(story, other(right))
    assert "60 分钟后再试" in tg(story, other(right))
    assert "绑定成功" not in tg(story, right)
    assert "分钟后再试" in tg(story, "绑定手机 13800138000")
    story.passes("1h")
    assert "尾号 8000" in tg(story, "绑定手机 13800138000")


def test_three_codes_an_hour_for_one_who_asks(story: Story, owner: str) -> None:
    for phone in ("13800138001", "13800138002", "13800138000"):
        assert "没有收到" in tg(story, f"绑定手机 {phone}")
    assert "分钟后再试" in tg(story, "绑定手机 13800138000")


def test_three_codes_an_hour_for_one_number(story: Story, owner: str) -> None:
    for n in range(3):
        tg(story, "绑定手机 13800138000", who=f"tg-{n}")
    sent = len(story.recorders["webchat"].sent)
    assert "分钟后再试" in tg(story, "绑定手机 13800138000", who="tg-9")
    assert len(story.recorders["webchat"].sent) == sent


def test_not_me_voids_the_code_and_alerts_the_desk(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    right = code(story)
    assert "已作废" in story.says("不是我！", who="王女士")
    assert "绑定成功" not in tg(story, right)
    assert any("不是本人申请绑定" in push for push in story.pushes())
    assert "分钟后再试" in tg(story, "绑定手机 13800138000"), "who was denied waits a day"
    story.conserved()


def test_not_me_undoes_a_link_that_was_already_made(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    tg(story, code(story))
    assert owner in tg(story, "我的报修到哪一步了")
    story.says("不是我", who="王女士")
    assert customer_of(story, "tg-wang") != customer_of(story, "王女士")
    silent(tg(story, "我的报修到哪一步了"))
    assert story.tickets()[0]["number"] == owner


def test_not_me_without_a_code_is_ordinary_talk(story: Story, owner: str) -> None:
    assert "已作废" not in story.says("不是我", who="王女士")


# --- nobody learns whether a number is known


def test_the_answer_is_the_same_for_a_known_and_an_unknown_number(story: Story, owner: str) -> None:
    known = tg(story, "绑定手机 13800138000", who="tg-a")
    unknown = tg(story, "绑定手机 13900139000", who="tg-b")
    assert known.replace("8000", "9000") == unknown
    assert any("13900139000" in push and "--verify" in push for push in story.pushes())
    assert not any("核实" in push and "13800138000" in push for push in story.pushes())
    wrong = tg(story, "000000", who="tg-b")
    assert "还可以试 4 次" in wrong


def test_a_blind_code_cannot_be_guessed(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.customer.claim.new_code", lambda: "123456")
    tg(story, "绑定手机 13900139000")
    assert "不对" in tg(story, "123456")


@pytest.mark.parametrize("said", ["2", "没有收到", "我没收到验证码啊", "收不到"])
def test_no_code_received_makes_the_desk_call_once(story: Story, owner: str, said: str) -> None:
    tg(story, "绑定手机 13800138000")
    assert "打尾号 8000 的电话核实" in tg(story, said)
    assert sum("核实" in push and "telegram:tg-wang" in push for push in story.pushes()) == 1


def test_a_dead_chat_is_sent_no_code(story: Story, owner: str) -> None:
    arrives(story, "王女士", "webchat", "blocked")
    sent = len(story.recorders["webchat"].sent)
    assert "尾号 8000" in tg(story, "绑定手机 13800138000")
    assert len(story.recorders["webchat"].sent) == sent
    assert any("核实" in push for push in story.pushes())


# --- Telegram's own contact


def test_ones_own_contact_is_proof(story: Story, owner: str) -> None:
    tg(story, "绑定手机")
    assert story.recorders["telegram"].sent[-1].extra["ask"] == "contact"
    done = arrives(story, "tg-wang", "telegram", "contact", payload={"phone": "8613800138000", "own": True})
    assert "绑定成功" in done and owner in done


@pytest.mark.parametrize("own", [False, None, "true", 1])
def test_another_persons_contact_is_none(story: Story, owner: str, own: Any) -> None:
    answer = arrives(story, "tg-thief", "telegram", "contact", payload={"phone": PHONE, "own": own})
    assert "不是您自己的号码" in answer
    assert customer_of(story, "tg-thief") != customer_of(story, "王女士")


@pytest.mark.parametrize("phone", [None, "", "abc", "12", "9" * 60, ["x"]])
def test_a_contact_without_a_number_we_can_read(story: Story, phone: Any) -> None:
    answer = arrives(story, "tg-x", "telegram", "contact", payload={"phone": phone, "own": True})
    assert "没能认出来" in answer


def test_a_contact_answers_the_forms_question_too(story: Story) -> None:
    tg(story, "格力冰箱不制冷，直接报修")
    answer = arrives(
        story, "tg-wang", "telegram", "contact", payload={"phone": "+8613800138000", "own": True}
    )
    assert "绑定成功" in answer and "型号" in answer
    for line in ("跳过", "去年5月", "王芳"):
        answer = tg(story, line)
    assert "地址" in answer, "the phone is known and not asked for"


# --- unlinking


def linked(story: Story, who: str = "tg-wang") -> None:
    tg(story, "绑定手机 13800138000", who=who)
    tg(story, code(story), who=who)


def test_unlinking_asks_first_and_leaves_nothing_behind(story: Story, owner: str) -> None:
    linked(story)
    assert "确定解除吗" in tg(story, "解除绑定")
    assert "保持不变" in tg(story, "2")
    tg(story, "解除绑定")
    assert "已解除" in tg(story, "1")
    for question in (
        "我的报修到哪一步了",
        f"{owner}到哪一步了",
        "取消报修",
        "改到明天上午",
        "你好",
        "5分",
        "我要报修",
        "催一下",
    ):
        silent(
            tg(story, question)
            .replace("例如“美的空调不制冷”", "")
            .replace("例如“冰箱不制冷”", "")
            .replace("什么电器", "")
        )
    assert owner in story.says("我的报修到哪一步了")
    with story.house.database.reading() as session:
        assert session.scalars(select(TimelineEntry).where(TimelineEntry.verb == "unlinked")).all()
    story.conserved()


def test_unlinking_where_nothing_is_linked(story: Story) -> None:
    story.says("你好", who="新客")
    assert "不需要解除" in story.says("解绑", who="新客")


def test_a_button_pressed_after_unlinking_does_nothing(story: Story, owner: str) -> None:
    linked(story)
    story.staff("done", owner)
    with story.house.database.reading() as session:
        row = session.scalars(
            select(OutboxMessage).where(OutboxMessage.channel == "telegram").order_by(OutboxMessage.id.desc())
        ).first()
        assert row is not None and row.question is not None and row.question["ticket"] == owner
    tg(story, "解除绑定")
    tg(story, "1")
    answer = arrives(story, "tg-wang", "telegram", "press", payload={"outbox": row.id, "key": "2"})
    assert "之前的问题" in answer or "不能用" in answer
    assert story.tickets()[0]["state"] == "done"


def test_what_was_on_its_way_is_called_back(story: Story, owner: str) -> None:
    linked(story)
    story.arrive("tg-wang", "我的报修到哪一步了", channel="telegram")
    story._inbox()  # answered, not sent yet
    with story.house.database.session() as session:
        identity = session.scalars(select(Identity).where(Identity.external_id == "tg-wang")).one()
        unlink(session, identity, at=story.house.clock.now(), actor="周客服", channel="staff")
        session.commit()
    sent = len(story.recorders["telegram"].sent)
    story.work()
    assert len(story.recorders["telegram"].sent) == sent
    story.conserved()


# --- somebody else's ticket


ASKED = [
    "{n}到哪一步了",
    "查一下工单{n}",
    "工单号{n}",
    "{n}",
    "#{n}",
    "单号：{wide}",
    "取消{n}",
    "取消工单{n}",
    "把{n}改到明天上午",
    "{n}什么时候来，催一下",
    "我要投诉，工单{n}的师傅态度很差",
    "{n}打5分",
    "给{n}评5分，很满意",
    "{n}修好了",
    "{n}没修好",
    "{n}同意费用",
    "{n}的地址改成成都市锦江区红星路1号",
    "{n}的电话是13900139000",
    "补充一下{n}，型号是ABC-123",
    "继续{n}",
    "{n}保修期内吗，多少钱",
    "{n}的师傅电话多少",
    "{n}是哪个网点",
    "where is ticket {n}",
    "cancel {n}",
    "转人工，{n}",
    "查一下13800138000的报修",
    "13800138000的工单到哪了",
    "我的电话是13800138000，查进度",
]


def _own(answer: str) -> str:
    """The house's own examples and the claimant's own words are no secrets."""
    for text in ("美的空调不制冷", "冰箱不制冷", "洗衣机漏水"):
        answer = answer.replace(text, "")
    return answer


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("stranger", ["telegram", "group"])
def test_somebody_elses_ticket_shows_nothing(story: Story, owner: str, asked: str, stranger: str) -> None:
    wide = owner.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    text = asked.format(n=owner, wide=wide)
    parts = {"conversation": "-100200"} if stranger == "group" else {}
    answers = [arrives(story, "tg-thief", "telegram", text=text, **parts)]
    answers += [arrives(story, "tg-thief", "telegram", text=more, **parts) for more in ("1", "好的", "5")]
    told = "13800138000" if "13800138000" in asked else "\0"
    for answer in answers:
        left = [s for s in SECRETS if s in _own(answer).replace(told, "") and s != "已登记"]
        assert not left, (left, answer)
    with story.house.database.reading() as session:
        verbs = set(
            session.scalars(
                select(TimelineEntry.verb)
                .join(Ticket, Ticket.id == TimelineEntry.ticket_id)
                .where(Ticket.number == owner)
            )
        )
    assert not verbs & {
        "cancel",
        "rate",
        "comment",
        "update",
        "reschedule_wish",
        "hurry",
        "reopen",
        "fee_given",
        "sign",
    }, verbs
    mine = next(t for t in story.tickets() if t["number"] == owner)
    assert (mine["state"], mine["rating"], mine["name"]) == ("filed", None, "王芳")
    story.conserved()


@pytest.mark.parametrize("asked", ASKED[:12])
def test_an_existing_number_and_one_that_never_was_get_the_same_answer(
    story: Story, owner: str, asked: str
) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    real = tg(story, asked.format(n=owner, wide=owner.translate(wide)), who="tg-a")
    never = tg(story, asked.format(n="2601019999", wide="2601019999".translate(wide)), who="tg-b")
    strip = re.compile(r"\d{10}")
    assert strip.sub("N", real) == strip.sub("N", never)


def test_who_asks_for_another_ticket_is_offered_to_prove_the_number(story: Story, owner: str) -> None:
    answer = tg(story, f"{owner}到哪一步了")
    assert "1 验证手机号" in answer
    tg(story, "1")
    tg(story, "13800138000")
    assert owner in tg(story, code(story))


def test_who_names_a_phone_is_offered_to_prove_just_that(story: Story, owner: str) -> None:
    assert "1 验证手机号" in tg(story, "查一下13800138000的报修")
    assert "尾号 8000" in tg(story, "1")
    assert "绑定成功" in tg(story, code(story))


def test_an_own_number_acts_on_that_ticket_and_not_on_the_newest(story: Story, owner: str) -> None:
    story.says("我家格力洗衣机漏水，直接报修，型号XQG-80，去年买的")
    story.says("1")
    newest = story.tickets()[0]["number"]
    assert newest != owner, story.heard()
    story.says(f"{owner}改到明天上午")
    with story.house.database.reading() as session:
        entry = session.scalars(select(TimelineEntry).where(TimelineEntry.verb == "reschedule_wish")).one()
        assert session.get_one(Ticket, entry.ticket_id).number == owner


# --- in a group


def test_linking_is_done_in_private_only(story: Story, owner: str) -> None:
    answer = arrives(story, "tg-wang", "telegram", text="绑定手机 13800138000", conversation="-100200")
    assert "私下" in answer
    with story.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PhoneProof)) == 0
    contact = {"phone": "13800138000", "own": True}
    assert "私下" in arrives(story, "tg-wang", "telegram", "contact", payload=contact, conversation="-100200")


# --- two at once


def test_two_who_prove_an_unknown_number_at_once_become_one(story: Story) -> None:
    for who in ("tg-1", "tg-2"):
        tg(story, "你好", who=who)
    barrier = threading.Barrier(2)

    def proves(who: str) -> None:
        barrier.wait()
        prove(story, who)

    threads = [threading.Thread(target=proves, args=(who,)) for who in ("tg-1", "tg-2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with story.house.database.reading() as session:
        live = select(Customer).where(Customer.phone == PHONE, Customer.merged_into.is_(None))
        assert len(session.scalars(live).all()) == 1
    assert customer_of(story, "tg-1") == customer_of(story, "tg-2")


def test_two_claimants_each_need_their_own_code(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000", who="tg-1")
    first = code(story)
    tg(story, "绑定手机 13800138000", who="tg-2")
    second = code(story)
    assert "绑定成功" in tg(story, second, who="tg-2")
    assert "绑定成功" in tg(story, first, who="tg-1")


def test_a_washing_machine_that_cannot_be_bound_to_its_app_is_a_fault(story: Story) -> None:
    for text in ("洗衣机绑定不了手机", "空调怎么绑定手机", "手机绑定不了设备"):
        with story.house.database.reading() as session:
            before = session.scalar(select(func.count()).select_from(PhoneProof))
        assert "绑定的手机号" not in story.says(text, who=f"客{text}")
        with story.house.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(PhoneProof)) == before


def test_the_state_of_a_conversation_is_forgotten_on_unlinking(story: Story, owner: str) -> None:
    linked(story)
    tg(story, "我的报修到哪一步了")
    tg(story, "取消报修")  # a question about the owner's ticket waits
    tg(story, "解绑")
    tg(story, "1")
    with story.house.database.reading() as session:
        state = session.scalars(
            select(Conversation.state).join(Identity).where(Identity.external_id == "tg-wang")
        ).one()
    assert owner not in str(state)


# --- what the desk does


def called(story: Story, phone: str, which: str | None = None) -> Customer | None:
    with story.house.database.session() as session:
        owner = verified_by_call(session, phone, which=which, at=story.house.clock.now(), actor="周客服")
        session.commit()
        return owner


def test_the_desk_calls_and_the_claimant_is_linked(story: Story) -> None:
    tg(story, "绑定手机 13900139000")
    assert called(story, "+8613900139000") is not None
    assert "已经绑定尾号 9000" in tg(story, "绑定手机")


def test_a_prankster_who_told_the_number_is_not_linked_with_its_owner(story: Story) -> None:
    """Both say that the number is theirs; the one who was called must be named."""
    story.play(REPORT)
    story.says("我要投诉师傅，态度很差，我电话13800138000", who="骗子")
    tg(story, "绑定手机 13800138000")
    with pytest.raises(SeveralClaim) as several:
        called(story, PHONE)
    assert several.value.count == 3 and "telegram:tg-wang" in several.value.which
    called(story, PHONE, "telegram:tg-wang")
    assert customer_of(story, "骗子") != customer_of(story, "tg-wang")
    assert "天府大道" not in story.says("我的报修到哪一步了", who="骗子")
    with pytest.raises(UnknownIdentity):
        called(story, PHONE, "telegram:nobody")


def test_who_was_denied_or_unlinked_is_no_claimant(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000", who="tg-thief")
    story.says("不是我", who="王女士")
    linked(story)
    tg(story, "解绑")
    tg(story, "1")
    assert called(story, PHONE) is None


def test_unlinking_by_the_desk_is_bound_to_the_file(story: Story, owner: str) -> None:
    linked(story)
    story.says("你好", who="别人")
    with story.house.database.session() as session:
        mine = customer_of(story, "王女士")
        at = story.house.clock.now()
        with pytest.raises(UnknownIdentity):
            unlinked_by_desk(session, "webchat:别人", customer_id=mine, at=at, actor="周客服")
        unlinked_by_desk(session, "telegram:tg-wang", customer_id=mine, at=at, actor="周客服")
        session.commit()
    silent(tg(story, "我的报修到哪一步了"))


# --- odd orders of things


def test_the_owner_unlinks_while_a_code_is_out(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    right = code(story)
    story.says("解除绑定", who="王女士")
    story.says("1", who="王女士")
    assert "绑定成功" not in tg(story, right), "who was sent the code no longer is the owner"
    silent(tg(story, "我的报修到哪一步了"))


def test_linking_twice_and_a_second_number(story: Story, owner: str) -> None:
    linked(story)
    assert "已经绑定" in tg(story, "绑定手机 13800138000")
    assert "尾号 9000" in tg(story, "绑定手机 13900139000")
    called(story, "+8613900139000", "telegram:tg-wang")
    assert owner in tg(story, "我的报修到哪一步了"), "a new number, the same file"


def test_in_the_middle_of_linking_something_else_is_asked(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    right = code(story)
    assert "保修" in tg(story, "空调保修几年？")
    tg(story, "谢谢")
    assert "绑定成功" in tg(story, right)


def test_who_changes_their_mind(story: Story, owner: str) -> None:
    tg(story, "绑定手机")
    assert "不绑定也可以" in tg(story, "算了")
    tg(story, "绑定手机 13800138000")
    assert "不绑定也可以" in tg(story, "不用了")
    assert "很高兴为您服务" in tg(story, "你好") or "您好" in story.heard("tg-wang", "telegram")


def test_a_number_that_is_none(story: Story) -> None:
    tg(story, "绑定手机")
    assert "号码" in tg(story, "1380013800")
    assert "尾号 8000" in tg(story, "13800138000")


def test_a_person_is_reached_from_every_step(story: Story, owner: str) -> None:
    for steps in (["绑定手机"], ["绑定手机 13800138000"], [f"{owner}到哪一步了"]):
        who = f"tg-{steps[0]}"
        for step in steps:
            tg(story, step, who=who)
        assert "人工" in tg(story, "0", who=who)


def test_danger_comes_before_any_code(story: Story, owner: str) -> None:
    tg(story, "绑定手机 13800138000")
    assert "安全第一" in tg(story, "洗衣机漏电了")


def test_a_code_message_that_is_refused_goes_to_the_owners_next_chat_and_never_to_the_desk(
    story: Story, owner: str
) -> None:
    linked(story)  # the owner now has web chat and telegram
    tg(story, "你好")
    story.says("绑定手机 13800138000", who="wx-9", channel="wechat")

    class Refusing(Recorder):
        def send(self, message: Outgoing) -> str:
            raise Never("quota", lost=False)

    story.recorders["telegram"] = Refusing("telegram")
    story.recorders["webchat"] = Refusing("webchat")
    story.says("绑定手机 13800138000", who="wx-9", channel="wechat")
    pushes = "\n".join(story.pushes())
    with story.house.database.reading() as session:
        hops = session.scalars(select(OutboxMessage).where(OutboxMessage.key.like("hop:%"))).all()
        secrets = {row.extra["secret"] for row in hops if "secret" in row.extra}
    assert hops and secrets and not any(secret in pushes for secret in secrets)
    assert "不必转告" in pushes


def test_each_recipients_code_is_told_in_their_language(story: Story, owner: str) -> None:
    story.says("english please", who="王女士")
    tg(story, "绑定手机 13800138000")
    assert re.search(r"Code \d{6}", story.heard("王女士"))


def test_opting_out_and_language_survive_linking(story: Story, owner: str) -> None:
    tg(story, "TD")
    tg(story, "link my number")
    tg(story, "13800138000")
    assert "Linked" in tg(story, code(story))
    with story.house.database.reading() as session:
        file = session.get_one(Customer, customer_of(story, "王女士"))
    assert file.opted_out_at is not None and file.language == "en"


WISHES = ["绑定手机", "绑定手机号码", "帮我验证下手机号", "我想把手机号绑定一下", "怎么绑定手机号？", "关联我的账号", "手机验证", "验证手机！",
          "verify my phone number", "Link my account."]  # fmt: skip
UNWISHES = [
    "解除绑定",
    "我要解绑",
    "取消绑定。",
    "解除手机绑定",
    "解绑手机",
    "取消手机号的绑定",
    "unlink my number",
    "Unbind",
]


@pytest.mark.parametrize("text", WISHES)
def test_ways_to_say_it(story: Story, text: str) -> None:
    assert re.search("手机号|phone number", story.says(text, who="新客"))
    with story.house.database.reading() as session:
        state = session.scalars(select(Conversation.state)).one()
    assert state["question"]["kind"] == "link_phone"


@pytest.mark.parametrize("text", UNWISHES)
def test_ways_to_take_it_back(story: Story, text: str) -> None:
    assert re.search("没有绑定|not linked", story.says(text, who="新客"))


def test_a_number_from_abroad(story: Story) -> None:
    story.says("绑定手机", who="新客")
    assert "尾号 3456" in story.says("+44 7911 123456", who="新客")
    assert any("+447911123456" in push for push in story.pushes())


@pytest.mark.parametrize(
    "text", ["师傅检查说空调压缩机坏了，我要报修，电话13800138000", "洗衣机检查过还是不进水，联系13800138000"]
)
def test_a_number_beside_a_fault_is_how_to_reach_them(story: Story, text: str) -> None:
    answer = story.says(text, who="新客")
    assert "验证" not in answer and "不能显示" not in answer
