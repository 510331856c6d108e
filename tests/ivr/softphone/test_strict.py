"""What is not TwiML is an error with Twilio's number, then the fallback once, then the end."""

import inspect

import pytest
from starlette.responses import Response
from twilio.twiml import TwiML, voice_response

from ivr.softphone.document import BadDocument, parse
from ivr.softphone.grammar import RULES, SSML, VERBS
from tests.ivr.softphone.conftest import HOST, Switchboard


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", 12100),
        ("您好", 12100),
        ("<Response><Say>您好</Response>", 12100),
        ("<Response><Say>\x08</Say></Response>", 12100),
        ('<!DOCTYPE r [<!ENTITY a "b">]><Response><Say>&a;</Say></Response>', 12100),
        ("<response/>", 12102),
        ("<Document/>", 12102),
        ('<Response version="1"/>', 12200),
        ("<Response>您好</Response>", 12200),
        ("<Response><Shout>您好</Shout></Response>", 12200),
        ("<Response><say>您好</say></Response>", 12200),
        ("<Response><Connect/></Response>", 12200),
        ('<Response><Say vioce="alice">您好</Say></Response>', 12200),
        ('<Response><Gather numdigits="1"/></Response>', 12200),
        ("<Response><Gather><Record/></Gather></Response>", 12200),
        ("<Response><Gather>请按1</Gather></Response>", 12200),
        ("<Response><Number>10086</Number></Response>", 12200),
        ('<Response><Gather input="keys"/></Response>', 12200),
        ('<Response><Gather finishOnKey="12"/></Response>', 13310),
        ('<Response><Gather timeout="0"/></Response>', 13312),
        ('<Response><Gather timeout="soon"/></Response>', 13312),
        ('<Response><Gather numDigits="0"/></Response>', 13314),
        ('<Response><Gather method="PUT"/></Response>', 13313),
        (f'<Response><Gather hints="{"啊" * 101}"/></Response>', 12200),
        ("<Response><Say></Say></Response>", 13520),
        (f"<Response><Say>{'长' * 4097}</Say></Response>", 13520),
        ("<Response><Play/></Response>", 13420),
        ("<Response><Dial/></Response>", 13221),
        ("<Response><Dial>李工</Dial></Response>", 13223),
        ("<Response><Dial><Sip>李工</Sip></Dial></Response>", 13224),
        ('<Response><Dial timeout="3">10086</Dial></Response>', 12200),
        ('<Response><Record maxLength="0"/></Response>', 13612),
        ("<Response><Enqueue/></Response>", 12200),
        ('<Response><Redirect methd="GET">/a</Redirect></Response>', 12200),
        ('<Response><Reject reason="because"/></Response>', 12200),
        ('<Response><Hangup reason="x"/></Response>', 12200),
    ],
)
def test_what_is_wrong_has_its_number(document: str, code: int) -> None:
    with pytest.raises(BadDocument) as wrong:
        parse(document)
    assert wrong.value.code == code


def test_what_twilios_builder_writes_is_read() -> None:
    made = voice_response.VoiceResponse()
    gather = made.gather(
        input="dtmf speech", num_digits=1, action="/a", language="cmn-Hans-CN", hints="空调,冰箱", action_on_empty_result=True,
        finish_on_key="", speech_timeout="auto", barge_in=False,
    )  # fmt: skip
    gather.say("报修请按1", voice="Polly.Zhiyu-Neural", language="cmn-CN")
    made.record(
        action="/b",
        max_length=60,
        recording_status_callback="/c",
        recording_status_callback_event="completed",
    )
    dial = made.dial(action="/d", timeout=20, caller_id="+864008888888", answer_on_bridge=True)
    dial.number(
        "+8613900000001", url="/whisper", status_callback="/e", status_callback_event="answered completed"
    )
    made.enqueue("service", action="/f", wait_url="/g", max_queue_size=10)
    made.redirect("/h", method="GET")
    made.reject(reason="busy")
    read = parse(str(made))
    assert [verb.name for verb in read] == ["Gather", "Record", "Dial", "Enqueue", "Redirect", "Reject"]
    assert read[0].attributes["finishOnKey"] == "" and read[0].children[0].text == "报修请按1"


def test_the_grammar_knows_no_attribute_that_twilios_builder_does_not_know() -> None:
    """The builder's own argument names are the second opinion."""
    makers = {}
    for owner in ("VoiceResponse", "Gather", "Dial", "Enqueue", "Say"):
        for name, method in inspect.getmembers(getattr(voice_response, owner), inspect.isfunction):
            makers.setdefault(name.rstrip("_").replace("_", "-"), method)
    for name, rule in RULES.items():
        arguments = inspect.signature(makers[name if name in SSML else name.lower()]).parameters
        known = {TwiML().MAP.get(a, _camel(a)) for a in arguments} | {a.replace("_", "-") for a in arguments}
        for attribute in rule.attributes:
            assert attribute in known or attribute.endswith("}lang"), f"{name} {attribute}"
    assert set(VERBS) <= set(RULES)


def _camel(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


def test_a_bad_document_asks_the_fallback_with_the_number_and_the_address(board: Switchboard) -> None:
    board.documents["/fallback"] = "<Say>系统繁忙</Say>"
    phone = board.phone("<Shout/>", fallback=f"{HOST}/fallback").call()
    asked = board.asked("/fallback")[0]
    assert (asked["ErrorCode"], asked["ErrorUrl"], asked["CallSid"]) == (
        "12200",
        f"{HOST}/in",
        phone.line.sid,
    )
    assert phone.heard == ["系统繁忙"] and phone.ended == "document" and len(phone.errors) == 1


def test_a_bad_document_without_a_fallback_ends_the_call(board: Switchboard) -> None:
    phone = board.phone("<Shout/>").call()
    assert phone.ended == "error" and phone.heard == []


def test_a_fallback_that_is_bad_too_ends_the_call(board: Switchboard) -> None:
    board.documents["/fallback"] = "<Shout/>"
    phone = board.phone("<Shout/>", fallback=f"{HOST}/fallback").call()
    assert phone.ended == "error" and len(board.asked("/fallback")) == 1 and len(phone.errors) == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, "11200"),
        (Response("", status_code=500), "11200"),
        (Response("<Response/>", media_type="application/json"), "12300"),
        (Response("<Response/>", media_type="text/plain"), "12300"),
        (Response("", media_type="text/xml"), "12100"),
        (Response("<Response/>".encode("utf-16"), media_type="text/xml; charset=utf-8"), "12100"),
        (Response(f"<Response><!--{'x' * 70000}--></Response>", media_type="text/xml"), "11750"),
        (Response("", status_code=302, headers={"location": "/in"}), "11215"),
    ],
)
def test_a_page_that_is_no_document(board: Switchboard, answer: Response | None, code: str) -> None:
    board.documents["/fallback"] = ""
    if answer is not None:
        board.documents["/in"] = answer
    board.phone(fallback=f"{HOST}/fallback").call()
    assert board.asked("/fallback")[0]["ErrorCode"] == code


def test_a_failure_in_the_middle_of_a_call_asks_the_fallback_too(board: Switchboard) -> None:
    board.documents["/fallback"] = '<Gather numDigits="1" action="/voicemail"/>'
    board.documents["/voicemail"] = "<Say>请留言</Say>"
    phone = (
        board.phone('<Gather numDigits="1" action="/gone"/>', fallback=f"{HOST}/fallback").call().press("1")
    )
    asked = board.asked("/fallback")[0]
    assert asked["ErrorUrl"] == f"{HOST}/gone" and "Digits" not in asked
    assert phone.press("1").last == ["请留言"]
