"""Gather: keys, speech, time, and what is not taken."""

import pytest

from tests.ivr.softphone.conftest import Switchboard

MENU = '<Gather numDigits="1" action="/menu"><Say>报修请按1</Say><Say>人工请按0</Say></Gather><Say>没有听到</Say>'
NUMBER = '<Gather action="/number" timeout="4"><Say>请输入号码</Say></Gather><Say>没有听到</Say>'


@pytest.fixture(autouse=True)
def answers(board: Switchboard) -> None:
    board.documents |= {"/menu": "<Say>好的</Say>", "/number": "<Say>收到</Say>"}


def test_a_key_after_the_prompts_is_sent_to_the_action(board: Switchboard) -> None:
    phone = board.phone(MENU).call()
    assert phone.doing == "gathering" and phone.last == ["报修请按1", "人工请按0"]
    phone.press("1")
    asked = board.asked("/menu")[0]
    assert (asked["Digits"], asked["FinishedOnKey"], asked["CallStatus"]) == ("1", "", "in-progress")
    assert "SpeechResult" not in asked and phone.last == ["好的"] and phone.ended == "document"


def test_silence_goes_on_with_the_next_verb_after_the_timeout(board: Switchboard) -> None:
    phone = board.phone(MENU).call()
    begun = phone.state.clock
    phone.silence()
    assert phone.last == ["没有听到"] and phone.ended == "document" and board.asked("/menu") == []
    assert phone.entries("heard")[-1].at - begun == pytest.approx(5)  # the default timeout


def test_the_time_for_an_answer_begins_after_the_prompts_and_again_with_each_key(board: Switchboard) -> None:
    phone = board.phone(NUMBER).call()
    assert phone.state.clock == pytest.approx(5 / 4)  # five characters have been spoken
    phone.press("1").press("2", after=3.9).press("3", after=3.9)
    assert board.asked("/number") == []
    phone.silence()
    assert board.asked("/number")[0]["Digits"] == "123"


def test_a_key_that_comes_too_late_finds_the_gather_over(board: Switchboard) -> None:
    board.documents["/number"] = MENU
    phone = board.phone(NUMBER).call().press("1").press("2", after=4.1)
    assert board.asked("/number")[0]["Digits"] == "1"
    assert board.asked("/menu")[0]["Digits"] == "2"  # it had been pressed while the next menu began
    assert phone.last == ["报修请按1", "好的"]


def test_finish_on_key_ends_the_number_and_is_not_part_of_it(board: Switchboard) -> None:
    board.phone(NUMBER).call().press("138#")
    asked = board.asked("/number")[0]
    assert (asked["Digits"], asked["FinishedOnKey"]) == ("138", "#")


def test_a_lone_finish_key_is_no_answer_and_goes_on_at_once(board: Switchboard) -> None:
    phone = board.phone(NUMBER).call()
    begun = phone.state.clock
    phone.press("#")
    assert board.asked("/number") == [] and phone.last == ["没有听到"]
    assert phone.entries("heard")[-1].at == begun


def test_another_finish_key(board: Switchboard) -> None:
    board.phone('<Gather action="/number" finishOnKey="*"/>').call().press("1#2*")
    assert board.asked("/number")[0]["Digits"] == "1#2"


def test_without_a_finish_key_every_key_counts(board: Switchboard) -> None:
    phone = board.phone('<Gather action="/number" finishOnKey=""/>').call().press("#12#*")
    assert board.asked("/number") == []
    phone.silence()
    assert board.asked("/number")[0]["Digits"] == "#12#*"


def test_num_digits_cuts_off_and_the_rest_is_for_the_next_gather(board: Switchboard) -> None:
    board.documents["/menu"] = NUMBER
    phone = board.phone(MENU).call().press("1138#")
    assert board.asked("/menu")[0]["Digits"] == "1" and board.asked("/number")[0]["Digits"] == "138"
    assert phone.last == ["请输入号码", "收到"] and phone.entries("heard")[-2].detail["cut"]


def test_whoever_has_typed_ahead_does_not_hear_the_question(board: Switchboard) -> None:
    board.documents["/menu"] = NUMBER
    phone = board.phone(MENU).call().press("1138#", at_once=True)
    assert board.asked("/number")[0]["Digits"] == "138" and phone.last == ["收到"]


def test_keys_typed_ahead_are_lost_when_the_network_does_not_keep_them(board: Switchboard) -> None:
    board.documents["/menu"] = NUMBER
    phone = board.phone(MENU, typed_ahead=False).call().press("1138#", at_once=True)
    assert board.asked("/menu")[0]["Digits"] == "1" and board.asked("/number") == []
    assert phone.last == ["请输入号码"] and phone.doing == "gathering"


def test_a_key_cuts_a_nested_prompt_off_and_the_others_are_not_heard(board: Switchboard) -> None:
    phone = board.phone(MENU).call(until="报修")
    assert phone.doing == "speaking"
    phone.press("0", after=0.5)
    assert phone.heard == ["报修请按1", "好的"]
    assert phone.entries("heard")[0].detail["cut"] == "0.5"
    assert board.asked("/menu")[0]["Digits"] == "0"


def test_a_key_does_not_cut_a_prompt_outside_a_gather_but_waits(board: Switchboard) -> None:
    phone = board.phone("<Say>欢迎致电售后服务中心</Say>" + MENU).call(until="欢迎").press("1")
    assert phone.heard == ["欢迎致电售后服务中心", "好的"]
    assert "cut" not in phone.entries("heard")[0].detail and board.asked("/menu")[0]["Digits"] == "1"


def test_the_default_action_is_the_current_document(board: Switchboard) -> None:
    def document(fields: dict[str, str]) -> str:
        return f"<Say>你按了{fields['Digits']}</Say>" if fields.get("Digits") else '<Gather numDigits="1"/>'

    phone = board.phone(document, url="http://testserver/in?step=3").call().press("5")
    assert phone.heard == ["你按了5"]
    assert [seen.fields["step"] for seen in board.seen] == ["3", "3"]


def test_action_on_empty_result_asks_with_a_blank(board: Switchboard) -> None:
    board.phone('<Gather input="dtmf speech" action="/number" actionOnEmptyResult="true"/>').call().silence()
    asked = board.asked("/number")[0]
    assert asked["Digits"] == "" and "SpeechResult" not in asked


def test_action_on_empty_result_of_speech_alone_has_neither(board: Switchboard) -> None:
    board.phone('<Gather input="speech" action="/number" actionOnEmptyResult="true"/>').call().silence()
    asked = board.asked("/number")[0]
    assert "Digits" not in asked and "SpeechResult" not in asked


SPEECH = (
    '<Gather input="dtmf speech" language="cmn-Hans-CN" numDigits="1" action="/menu"><Say>请讲</Say></Gather>'
    "<Say>没有听到</Say>"
)


def test_speech_is_sent_with_its_confidence(board: Switchboard) -> None:
    board.phone(SPEECH).call().say("空调不制冷", confidence="0.42")
    asked = board.asked("/menu")[0]
    assert (asked["SpeechResult"], asked["Confidence"]) == ("空调不制冷", "0.42") and "Digits" not in asked


def test_confidence_may_be_missing(board: Switchboard) -> None:
    board.phone(SPEECH).call().say("空调不制冷", confidence=None)
    assert "Confidence" not in board.asked("/menu")[0]


def test_speech_cuts_the_prompt_off_unless_barge_in_is_off(board: Switchboard) -> None:
    phone = board.phone(SPEECH).call(until="请讲").say("空调")
    assert "cut" in phone.entries("heard")[0].detail and board.asked("/menu")[0]["SpeechResult"] == "空调"
    phone = (
        board.phone(SPEECH.replace("numDigits", 'bargeIn="false" numDigits')).call(until="请讲").say("空调")
    )
    assert len(board.asked("/menu")) == 1 and phone.doing == "gathering"


def test_keys_that_came_first_win_against_speech(board: Switchboard) -> None:
    phone = board.phone(SPEECH.replace('numDigits="1" ', "")).call().press("12").say("空调")
    assert board.asked("/menu") == []
    phone.silence()
    asked = board.asked("/menu")[0]
    assert asked["Digits"] == "12" and "SpeechResult" not in asked


def test_speech_is_noise_where_only_keys_are_awaited(board: Switchboard) -> None:
    phone = board.phone(MENU).call().say("报修")
    assert board.asked("/menu") == [] and phone.doing == "gathering"


def test_keys_are_nothing_where_only_speech_is_awaited(board: Switchboard) -> None:
    phone = (
        board.phone('<Gather input="speech" language="zh-CN" action="/menu"/>').call().press("1").say("报修")
    )
    asked = board.asked("/menu")[0]
    assert asked["SpeechResult"] == "报修" and "Digits" not in asked
    assert phone.state.typed == ""


def test_keys_typed_ahead_of_speech_alone_are_lost(board: Switchboard) -> None:
    document = (
        '<Say>您好您好</Say><Gather input="speech" language="zh-CN"/><Gather numDigits="1" action="/menu"/>'
    )
    phone = board.phone(document).call(until="您好").press("1")
    assert phone.doing == "gathering" and phone.silence().doing == "gathering" and board.asked("/menu") == []


def test_mandarin_is_not_understood_by_a_gather_in_english(board: Switchboard) -> None:
    phone = board.phone(SPEECH.replace(' language="cmn-Hans-CN"', "")).call().say("空调不制冷")
    assert board.asked("/menu") == [] and phone.last == ["没有听到"]


def test_speech_takes_time_and_its_silence_too(board: Switchboard) -> None:
    phone = board.phone(SPEECH.replace("numDigits", 'speechTimeout="2" numDigits')).call()
    begun = phone.state.clock
    phone.say("空调不制冷啊啊啊")
    assert phone.requests[-1].at - begun == pytest.approx(8 / 4 + 2)


def test_empty_speech_is_no_answer(board: Switchboard) -> None:
    assert board.phone(SPEECH).call().say("  ").last == ["没有听到"]


def test_get_carries_the_fields_in_the_address(board: Switchboard) -> None:
    board.phone('<Gather numDigits="1" action="/menu?step=2" method="GET"/>').call().press("*")
    seen = board.seen[-1]
    assert (seen.method, seen.path, seen.fields["Digits"], seen.fields["step"]) == ("GET", "/menu", "*", "2")


def test_relative_addresses_are_those_of_the_document_that_is_played(board: Switchboard) -> None:
    board.documents["/a/b/menu"] = '<Gather numDigits="1" action="next?x=1"/>'
    board.documents["/a/b/next"] = '<Gather numDigits="1" action="../up"/>'
    board.documents["/a/up"] = "<Say>到了</Say>"
    phone = board.phone('<Redirect method="GET">/a/b/menu</Redirect>').call().press("1").press("2")
    assert phone.heard == ["到了"] and [seen.path for seen in board.seen][-2:] == ["/a/b/next", "/a/up"]


def test_no_such_key(board: Switchboard) -> None:
    with pytest.raises(ValueError, match="no such key"):
        board.phone(MENU).call().press("w")
