"""A session's WeCom group through the real app: made by hand, recognised, joined, left, lost and ended."""

from core.customer.model import Customer, Identity
from core.groups.end import close_group
from core.groups.told import locked
from core.messaging.outbox import OutboxMessage
from tests.channels.desk import at_once, running, until
from tests.channels.wecom.lesson import CODE, NAMES, OWNER, SUN, Class
from tests.providers import tencent
from tests.providers.wecom import events
from tests.providers.wecom.server import WeComServer


def test_scanned_joined_matched(lesson: Class, wecom: WeComServer) -> None:
    chat = lesson.opens()
    assert (lesson.group.state, lesson.group.external_id) == ("open", chat)
    way = wecom.join_ways[str(lesson.group.join_way)]
    assert way["state"] == lesson.group.token and lesson.group.invite_link == way["qr_code"]
    codes = {name: lesson.own_code(name) for name in NAMES}
    assert len({*codes.values(), way["qr_code"]}) == 4
    lesson.hears(wecom.scans(codes["王芳"], "wmFang", "芳芳"), tries=3, at_once=True)
    fang = lesson.member("王芳")
    assert (fang.state, fang.reason, fang.external_id) == ("joined", "own_way", "wmFang")
    # Whoever it is sent on to gets nowhere, and she herself is in: twice changes nothing.
    assert wecom.scans(codes["王芳"], "wmSomebody") is None
    assert wecom.scans(str(lesson.group.invite_link), "wmFang") is None
    # The code on the wall tells the session only: then the name must be on the roll.
    lesson.hears(wecom.scans(str(lesson.group.invite_link), "wmWei", " 张 伟"))
    assert lesson.member("张伟").reason == "name"
    assert not lesson.heard(SUN, "生人")


def test_a_stranger_by_a_forwarded_code_is_told_once_for_each_time_they_come(
    lesson: Class, wecom: WeComServer
) -> None:
    wecom.hire(OWNER)
    lesson.hire("周客服", OWNER)
    chat = lesson.opens()
    wecom.hands_over(chat, OWNER)
    joined = wecom.scans(str(lesson.group.invite_link), "wmStranger", "卖茶叶的")
    for _ in range(2):  # redelivered
        lesson.hears(joined, tries=3, at_once=True)
    for who in (SUN, OWNER):  # the trainer, and who owns the group
        (told,) = lesson.heard(who, "生人")
        assert "卖茶叶的" in told and "移出群聊" in told and CODE in told
    assert "卖茶叶的 declined stranger" in lesson.states()
    lesson.hears(wecom.leaves(chat, "wmStranger", removed=True))
    assert "卖茶叶的 declined gone" in lesson.states()
    wecom.advance(60)
    lesson.advance(minutes=2)  # WeCom drops the same words within the same minute
    lesson.hears(wecom.is_invited(chat, "wmStranger", by="wmFang", name="卖茶叶的"))
    assert len(lesson.heard(SUN, "生人")) == 2


def test_a_second_account_by_the_same_code(lesson: Class, wecom: WeComServer) -> None:
    """Both scan in the moment before the first one's code is taken back."""
    lesson.opens()
    code = lesson.own_code("王芳")
    both = [wecom.scans(code, account, account) for account in ("wmFang", "wmFangsBrother")]
    at_once(*(lambda event=event: lesson.sender.send(event, tries=3, at_once=True) for event in both))
    lesson.desk.quiet()
    assert lesson.member("王芳").external_id == "wmFang"
    assert "wmFangsBrother declined second_account" in lesson.states()
    (told,) = lesson.heard(SUN, "生人")
    assert "wmFangsBrother" in told and "别人已经进群用过" in told


def test_an_account_is_known_again_in_the_next_group(lesson: Class, wecom: WeComServer) -> None:
    chat = lesson.opens()
    lesson.hears(wecom.scans(lesson.own_code("王芳"), "wmFang", "芳芳"))
    with lesson.house.database.session() as session:  # somebody else's name, and known to be nobody here
        other = Customer(name="李娜", created_at=lesson.house.clock.now())
        account = Identity(channel="wecom_group", external_id="wmOther", created_at=lesson.house.clock.now())
        account.customer = other
        session.add(account)
        session.commit()
    lesson.hears(wecom.scans(str(lesson.group.invite_link), "wmOther", "李娜"))
    lesson.hears(wecom.scans(lesson.own_code("张伟"), "wmOther2", "张伟"))
    assert lesson.member("李娜").state == "invited" and "李娜 declined stranger" in lesson.states()
    lesson.hears(wecom.dismisses(chat))
    lesson.waits_again()
    lesson.hears(wecom.opens_group(SUN, f"{CODE} 新群"))
    until(lambda: lesson.own_code("王芳") in {way["qr_code"] for way in wecom.join_ways.values()})
    lesson.hears(wecom.scans(str(lesson.group.invite_link), "wmFang", "换了名字"))
    assert (lesson.member("王芳").state, lesson.member("王芳").reason) == ("joined", "account")


def test_leaving_coming_back_and_being_put_out(lesson: Class, wecom: WeComServer) -> None:
    chat = lesson.opens()
    lesson.hears(wecom.scans(lesson.own_code("王芳"), "wmFang"))
    lesson.hears(wecom.leaves(chat, "wmFang"))
    assert lesson.member("王芳").state == "left"
    lesson.hears(wecom.scans(str(lesson.group.invite_link), "wmFang"))
    assert lesson.member("王芳").state == "joined"
    lesson.hears(wecom.leaves(chat, "wmFang", removed=True))
    assert lesson.member("王芳").state == "removed"
    lesson.hears(wecom.scans(str(lesson.group.invite_link), "wmFang"))
    assert lesson.member("王芳").state == "removed"
    assert "曾被移出" in lesson.heard(SUN, "生人")[-1]


def test_a_dismissed_group_is_lost_and_made_again(lesson: Class, wecom: WeComServer) -> None:
    chat = lesson.opens()
    lesson.hears(wecom.scans(lesson.own_code("王芳"), "wmFang"))
    before, old = lesson.own_code("张伟"), lesson.group.token
    lesson.hears(wecom.dismisses(chat))
    assert (lesson.group.state, lesson.group.reason) == ("lost", "deleted") and wecom.join_ways == {}
    assert len(lesson.heard(SUN, "答疑群失联")) == 1
    lesson.waits_again()
    assert lesson.group.token != old
    lesson.hears(wecom.opens_group(SUN, f"{CODE} 第二个群"))
    until(lambda: lesson.own_code("张伟") != before)
    lesson.hears(wecom.scans(lesson.own_code("张伟"), "wmWei"))
    assert lesson.group.state == "open" and lesson.member("张伟").state == "joined"


def test_the_last_day(lesson: Class, wecom: WeComServer) -> None:
    chat = lesson.opens()
    wall, own = str(lesson.group.invite_link), lesson.own_code("王芳")
    lesson.advance(days=15)
    until(lambda: wecom.join_ways == {})
    lesson.desk.quiet()
    assert lesson.group.state == "closed"
    assert wecom.scans(own, "wmFang") is None and wecom.scans(wall, "wmLate") is None
    # Goodbye is said by the owner, who is asked to.
    (farewell,) = wecom.mass_messages
    assert (farewell.sender, farewell.chat_ids, wecom.texts(chat)) == (SUN, [chat], [])
    wecom.confirms(farewell.msgid)
    assert "到今天结束" in wecom.texts(chat)[0]
    lesson.hears(wecom.is_invited(chat, "wmLate", by=SUN))  # it is no longer our group
    assert not lesson.heard(SUN, "生人")


def test_an_answer_for_the_group_is_sent_by_its_owner_or_pasted(lesson: Class, wecom: WeComServer) -> None:
    chat = lesson.opens()
    lesson.says("先关机，再清洗滤网。", key="a1")
    (asked,) = wecom.mass_messages
    assert asked.text == "先关机，再清洗滤网。" and wecom.texts(chat) == []
    assert "先关机，再清洗滤网。" in lesson.heard(SUN, "群发助手")[0]
    wecom.fail(41048, on="externalcontact/add_msg_template", times=1)  # the group has had its fill
    lesson.says("滤网每两周清洗一次。", key="a2")
    assert "滤网每两周清洗一次。" in lesson.heard(SUN, "不能代发")[0]
    assert len(lesson.heard(SUN, "请发到答疑群")) == 2


def test_what_a_member_asked_in_private_is_offered_to_the_group(lesson: Class, wecom: WeComServer) -> None:
    chat = lesson.opens()
    lesson.hears(wecom.scans(lesson.own_code("王芳"), "wmFang"))
    number = lesson.asks("王芳", "培训室空调的考勤模式怎么切")
    for _ in range(2):
        lesson.hears(events.text(f"#{number} 回答 长按模式键三秒", SUN))
    said = lesson.desk.rows(OutboxMessage, OutboxMessage.recipient == "visitor-王芳")[-1].text
    assert "长按模式键三秒" in said
    (offered,) = wecom.mass_messages
    assert offered.chat_ids == [chat] and "长按模式键三秒" in offered.text and "王芳" not in offered.text


def test_what_was_asked_by_the_question_form_is_answered_there_and_offered_to_the_group(
    lesson: Class, wecom: WeComServer
) -> None:
    chat = lesson.opens()
    number = lesson.asks("李娜", "培训室空调的考勤模式怎么切", lesson.group.id)
    lesson.hears(events.text(f"#{number} 回答 长按模式键三秒", SUN))
    said = lesson.desk.rows(OutboxMessage, OutboxMessage.recipient == "visitor-李娜")[-1].text
    assert "长按模式键三秒" in said
    assert [message.chat_ids for message in wecom.mass_messages] == [[chat]]


def test_lost_answers_and_lists_that_are_behind(lesson: Class, wecom: WeComServer) -> None:
    """Every call once takes effect without our learning of it, as when we die after it."""
    for method in ("add_join_way", "get_join_way", "get"):
        wecom.fail(tencent.dropped(effect=True), on=f"externalcontact/groupchat/{method}", times=1)
    chat = lesson.opens()
    ways = [way for way in wecom.join_ways.values() if way["state"] == lesson.group.token]
    assert len(ways) == 2 and lesson.group.join_way in {way["config_id"] for way in ways}
    event = wecom.scans(lesson.own_code("王芳"), "wmFang")
    wecom.groups[chat].lag = 2
    lesson.hears(event)
    assert lesson.member("王芳").state == "joined"


def test_a_way_that_is_made_while_the_group_ends_is_taken_back(lesson: Class, wecom: WeComServer) -> None:
    lesson.waits()
    add = "externalcontact/groupchat/add_join_way"
    wecom.fail(tencent.slow(2), on=add, times=1)
    assert lesson.sender.send(wecom.opens_group(SUN, f"{CODE} 答疑")).ok
    until(lambda: wecom.join_ways)
    with lesson.house.database.session() as session:
        group = locked(session, lesson.group.id)
        close_group(session, lesson.house, group, reason="by_staff", at=lesson.house.clock.now())
        session.commit()
    lesson.desk.quiet()
    assert wecom.join_ways == {} and len(wecom.called(add)) == 1


def test_a_right_that_is_given_days_later(lesson: Class, wecom: WeComServer) -> None:
    """The order was given up meanwhile: looking asks anew."""
    lesson.waits()
    wecom.fail(44004, on="externalcontact/groupchat/add_join_way", times=1)  # refused for good: a dead letter
    lesson.hears(wecom.opens_group(SUN, f"{CODE} 答疑"))
    assert lesson.group.state == "waiting_for_admin" and lesson.group.external_id
    lesson.advance(minutes=31)
    until(lambda: lesson.group.state == "open")


def test_a_group_is_found_without_its_event(lesson: Class, wecom: WeComServer) -> None:
    lesson.waits()
    wecom.opens_group(SUN, "PX48210 别的培训")
    made = wecom.opens_group(SUN, "没有名字的群")
    lesson.hears(events.group_created(str(made["ChatId"])))
    assert lesson.group.state == "waiting_for_admin"
    wecom.groups[str(made["ChatId"])].name = "答疑 px-4821"
    lesson.advance(minutes=31)
    until(lambda: lesson.group.state == "open")
    assert lesson.group.external_id == made["ChatId"] and lesson.group.title == "答疑 px-4821"


def test_groups_that_are_none_of_ours(lesson: Class, wecom: WeComServer) -> None:
    made = wecom.opens_group(SUN, f"{CODE} 太早了")
    for event in (made, events.joined_group(str(made["ChatId"])), events.group_changed("wrX", "change_name")):
        lesson.hears(event)
    assert wecom.called("externalcontact/groupchat/get") == []  # nothing is waited for: nothing is asked


def test_the_app_dies_and_another_goes_on(database_url: str, lesson: Class, wecom: WeComServer) -> None:
    lesson.opens()
    wecom.fail(-1, on="externalcontact/groupchat/get")  # busy as long as the first process lives
    assert lesson.sender.send(wecom.scans(lesson.own_code("王芳"), "wmFang") or {}).ok
    until(lambda: lesson.desk.rows(OutboxMessage, OutboxMessage.error.is_not(None)))
    wecom.heal()
    with running(database_url, **wecom.settings) as second:
        second.quiet()
    assert lesson.member("王芳").state == "joined"
