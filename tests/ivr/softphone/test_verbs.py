"""Record, Dial, Enqueue, Redirect, Reject, Hangup and the prompts."""

import pytest

from ivr.softphone import Callee
from tests.ivr.softphone.conftest import HOST, Switchboard

VOICEMAIL = (
    '<Say>请留言</Say><Record action="/kept" timeout="3" maxLength="10" recordingStatusCallback="/file"/>'
    "<Say>没有录到</Say>"
)
DIAL = '<Dial action="/after" timeout="20">+8613900000001</Dial>'
QUEUE = '<Enqueue action="/after" waitUrl="wait">service</Enqueue><Say>离开</Say>'


@pytest.fixture(autouse=True)
def answers(board: Switchboard) -> None:
    board.documents |= {
        "/kept": "<Say>已收到</Say>",
        "/file": "",
        "/after": "<Say>结束</Say>",
        "/wait": lambda fields: (
            f"<Say>前面还有{int(fields['QueuePosition']) - 1}位</Say><Pause length='10'/>"
        ),
    }


def test_a_message_ends_with_silence(board: Switchboard) -> None:
    phone = board.phone(VOICEMAIL).call()
    assert phone.doing == "recording" and phone.entries("beep")
    phone.say("空调坏了请回电").silence()
    kept = board.asked("/kept")[0]
    assert phone.recorded == ["空调坏了请回电"] and phone.last == ["已收到"]
    assert kept["RecordingDuration"] == "2" and kept["Digits"] == ""
    assert (
        kept["RecordingUrl"]
        == f"https://api.twilio.com/2010-04-01/Accounts/AC{'0' * 32}/Recordings/{kept['RecordingSid']}"
    )
    file = board.asked("/file")[0]
    assert (file["RecordingStatus"], file["RecordingSid"]) == ("completed", kept["RecordingSid"])


def test_an_empty_message_asks_for_nothing(board: Switchboard) -> None:
    phone = board.phone(VOICEMAIL).call().silence()
    assert phone.last == ["没有录到"] and board.asked("/kept") == [] and board.asked("/file") == []


@pytest.mark.parametrize("key", "1*#")
def test_any_key_ends_a_message(board: Switchboard, key: str) -> None:
    board.phone(VOICEMAIL).call().say("空调坏了").press(key)
    assert board.asked("/kept")[0]["Digits"] == key


def test_only_the_named_key_ends_a_message(board: Switchboard) -> None:
    phone = (
        board.phone(VOICEMAIL.replace("timeout", 'finishOnKey="#" timeout')).call().say("空调坏了").press("1")
    )
    assert phone.doing == "recording"
    phone.press("#")
    assert board.asked("/kept")[0]["Digits"] == "#"


def test_a_message_has_a_greatest_length(board: Switchboard) -> None:
    phone = board.phone(VOICEMAIL).call().say("很" * 30).say("长" * 30).silence()
    assert board.asked("/kept")[0]["RecordingDuration"] == "10" and len(phone.recorded[0]) == 40
    assert phone.entries("recorded")[0].at == pytest.approx(3 / 4 + 10)


def test_hanging_up_keeps_the_message_and_the_answer_is_not_obeyed(board: Switchboard) -> None:
    phone = board.phone(VOICEMAIL).call().say("空调坏了").hangup()
    kept = board.asked("/kept")[0]
    assert (kept["Digits"], kept["CallStatus"]) == ("hangup", "completed")
    assert phone.ended == "caller" and phone.heard == ["请留言"] and board.asked("/file")


def test_hanging_up_before_a_word_keeps_nothing(board: Switchboard) -> None:
    board.phone(VOICEMAIL).call().hangup()
    assert board.asked("/kept") == [] and board.asked("/file") == []


def test_dial_without_anybody_there(board: Switchboard) -> None:
    phone = board.phone(DIAL).call()
    assert phone.doing == "ringing" and phone.dialled == ["+8613900000001"]
    phone.silence()
    after = board.asked("/after")[0]
    assert (after["DialCallStatus"], after["DialBridged"]) == (
        "no-answer",
        "false",
    ) and phone.state.clock >= 20


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer"])
def test_dial_is_not_answered(board: Switchboard, status: str) -> None:
    board.phone(DIAL, callees=[Callee(status)]).call()
    assert board.asked("/after")[0]["DialCallStatus"] == status


def test_dial_is_answered_and_talked(board: Switchboard) -> None:
    phone = board.phone(DIAL, callees=[Callee(ring=6, talk=90)]).call()
    after = board.asked("/after")[0]
    assert (after["DialCallStatus"], after["DialCallDuration"], after["DialBridged"]) == (
        "completed",
        "90",
        "true",
    )
    assert phone.heard == ["结束"]


def test_dial_that_rings_too_long_is_not_answered(board: Switchboard) -> None:
    board.phone(DIAL, callees=[Callee(ring=25)]).call()
    assert board.asked("/after")[0]["DialCallStatus"] == "no-answer"


def test_dial_without_action_goes_on_and_its_time_limit_ends_the_talk(board: Switchboard) -> None:
    phone = board.phone('<Dial timeLimit="60">10086</Dial><Say>完毕</Say>', callees=[Callee(talk=500)]).call()
    assert phone.last == ["完毕"] and 60 < phone.state.clock < 70 and board.asked("/in") != []


def test_dial_with_an_empty_action_asks_the_current_document(board: Switchboard) -> None:
    def document(fields: dict[str, str]) -> str:
        return "<Hangup/>" if "DialCallStatus" in fields else '<Dial action="">10086</Dial>'

    assert board.phone(document, callees=[Callee("busy")]).call().ended == "hangup"


def test_the_next_on_the_roster_is_called(board: Switchboard) -> None:
    board.documents["/after"] = lambda f: (
        "<Say>接通过</Say>"
        if f["DialCallStatus"] == "completed"
        else '<Dial action="/after">+8613900000002</Dial>'
    )
    phone = board.phone(DIAL, callees=[Callee("busy"), Callee()]).call()
    assert phone.dialled == ["+8613900000001", "+8613900000002"] and phone.last == ["接通过"]


WHISPER = '<Dial action="/after"><Number url="whisper">+8613900000001</Number></Dial>'


def test_a_whisper_is_heard_by_the_called_person_alone(board: Switchboard) -> None:
    board.documents["/whisper"] = '<Gather numDigits="1" action="/yes"><Say>按1接听</Say></Gather><Hangup/>'
    board.documents["/yes"] = "<Say>正在接通</Say>"
    phone = board.phone(WHISPER, callees=[Callee()]).call()
    asked = board.asked("/whisper")[0]
    assert (
        asked["ParentCallSid"] == phone.line.sid
        and asked["CallSid"] == board.asked("/after")[0]["DialCallSid"]
    )
    assert (asked["Direction"], asked["To"]) == ("outbound-dial", "+8613900000001")
    assert phone.legs[0].heard == ["按1接听", "正在接通"] and phone.heard == ["结束"]
    assert board.asked("/after")[0]["DialCallStatus"] == "completed"


def test_whoever_does_not_press_1_at_the_whisper_is_not_put_through(board: Switchboard) -> None:
    board.documents["/whisper"] = '<Gather numDigits="1" action="/yes"><Say>按1接听</Say></Gather><Hangup/>'
    board.phone(WHISPER, callees=[Callee(steps=())]).call()
    after = board.asked("/after")[0]
    assert (after["DialCallStatus"], after["DialBridged"]) == ("no-answer", "false") and board.asked(
        "/yes"
    ) == []


def test_what_the_other_side_does_can_be_a_step_too(board: Switchboard) -> None:
    assert board.phone(DIAL).call().busy().last == ["结束"]
    assert board.phone(DIAL).call().pick_up().last == ["结束"]
    assert [after["DialCallStatus"] for after in board.asked("/after")] == ["busy", "completed"]


def test_hanging_up_while_it_rings_and_while_one_talks(board: Switchboard) -> None:
    board.phone(DIAL).call().hangup()
    board.phone(DIAL, callees=[Callee(talk=None)]).call().hangup()
    assert [after["DialCallStatus"] for after in board.asked("/after")] == ["canceled", "completed"]


def test_the_star_ends_a_talk_when_the_dial_allows(board: Switchboard) -> None:
    phone = board.phone(
        DIAL.replace("timeout", 'hangupOnStar="true" timeout'), callees=[Callee(talk=None)]
    ).call()
    assert phone.doing == "talking"
    assert phone.press("1").doing == "talking" and phone.press("*").last == ["结束"]


def test_the_queue_plays_its_document_again_and_again(board: Switchboard) -> None:
    phone = board.phone(QUEUE, ahead=2).call()
    assert phone.doing == "waiting" and phone.last == ["前面还有2位"]
    phone.state.ahead = 1
    assert phone.silence().last == ["前面还有1位"]
    asked = board.asked("/wait")[1]
    assert (asked["QueueTime"], asked["QueuePosition"]) == ("11", "2")  # 5 characters and the pause
    phone.pick_up(talk=60)
    after = board.asked("/after")[0]
    assert after["QueueResult"] == "bridged" and phone.last == ["结束"]


def test_the_queue_is_full(board: Switchboard) -> None:
    full = QUEUE.replace("waitUrl", 'maxQueueSize="2" waitUrl')
    assert board.phone(full, ahead=2).call().heard == ["结束"]
    assert board.asked("/after")[0]["QueueResult"] == "queue-full" and board.asked("/wait") == []


def test_leaving_the_queue_by_key(board: Switchboard) -> None:
    board.documents["/wait"] = '<Gather numDigits="1" action="/leave"><Say>回电请按1</Say></Gather>'
    board.documents["/leave"] = "<Say>好的</Say><Leave/><Say>听不到</Say>"
    phone = board.phone(QUEUE).call().press("1")
    assert board.asked("/after")[0]["QueueResult"] == "leave" and phone.heard == ["回电请按1", "好的", "结束"]


def test_leaving_a_queue_without_action_goes_on_in_the_first_document(board: Switchboard) -> None:
    board.documents["/wait"] = "<Leave/>"
    assert board.phone(QUEUE.replace('action="/after" ', "")).call().heard == ["离开"]


def test_hanging_up_in_the_queue(board: Switchboard) -> None:
    phone = board.phone(QUEUE).call().hangup()
    after = board.asked("/after")[0]
    assert (after["QueueResult"], after["CallStatus"]) == (
        "hangup",
        "completed",
    ) and "结束" not in phone.heard


def test_a_wait_document_that_cannot_be_had_is_an_error_of_the_queue(board: Switchboard) -> None:
    del board.documents["/wait"]
    phone = board.phone(QUEUE).call()
    assert board.asked("/after")[0]["QueueResult"] == "error" and len(phone.errors) == 1


def test_a_verb_that_is_not_for_queues(board: Switchboard) -> None:
    board.documents["/wait"] = "<Dial>10086</Dial>"
    assert board.phone(QUEUE).call().errors[0].startswith("12200")


def test_a_queue_without_music_of_ours(board: Switchboard) -> None:
    phone = board.phone("<Enqueue>service</Enqueue><Say>离开</Say>").call()
    assert (
        phone.doing == "waiting" and phone.silence().doing == "waiting" and phone.pick_up().last == ["离开"]
    )


def test_a_live_call_is_given_another_address(board: Switchboard) -> None:
    board.documents["/other"] = "<Say>转到这里</Say>"
    phone = board.phone(QUEUE).call().redirect(f"{HOST}/other")
    assert board.asked("/after")[0]["QueueResult"] == "redirected" and phone.last == ["转到这里"]


def test_redirect_leaves_the_rest_of_the_document(board: Switchboard) -> None:
    phone = board.phone("<Redirect>/after</Redirect><Say>听不到</Say>").call()
    assert phone.heard == ["结束"] and board.seen[-1].method == "POST"


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_reject_never_answers(board: Switchboard, reason: str, status: str) -> None:
    board.documents["/status"] = ""
    phone = board.phone(f'<Reject reason="{reason}"/><Say>听不到</Say>', status=f"{HOST}/status").call()
    assert phone.heard == [] and phone.ended == "rejected"
    assert board.asked("/status")[0]["CallStatus"] == status


def test_hangup_and_the_end_of_the_document_end_the_call(board: Switchboard) -> None:
    assert board.phone("<Say>再见</Say><Hangup/><Say>听不到</Say>").call().ended == "hangup"
    phone = board.phone("<Say>再见</Say>").call()
    assert phone.ended == "document" and phone.press("1").silence().hangup().heard == ["再见"]


def test_an_empty_document_ends_the_call(board: Switchboard) -> None:
    assert board.phone("").call().ended == "document"


def test_prompts_last_as_long_as_they_are_spoken(board: Switchboard) -> None:
    words = '<Say loop="2">一二三四</Say><Pause length="3"/><Play>music.mp3</Play><Say>五六七八</Say>'
    phone = board.phone(words).call()
    assert phone.heard == ["一二三四", f"♪ {HOST}/music.mp3", "五六七八"]
    assert [entry.at for entry in phone.entries("heard")] == [0, 5, 8]


def test_marks_of_speech_are_spoken_through(board: Switchboard) -> None:
    phone = board.phone(
        '<Say>工单号<break time="200ms"/><say-as interpret-as="digits">2611</say-as>，<sub alias="谢谢">3Q</sub></Say>'
    ).call()
    assert phone.heard == ["工单号2611，谢谢"]
