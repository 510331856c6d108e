"""The call as a whole: hanging up at any moment, status callbacks, loops, and that it always ends."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.softphone import Callee, machine, play
from ivr.softphone.keep import dump, load
from ivr.softphone.orders import BadStep, do
from ivr.softphone.phone import Phone
from ivr.softphone.script import OffScript
from ivr.softphone.state import LONGEST_CALL, MOST_VERBS, Call, Line
from tests.ivr.softphone.conftest import HOST, Switchboard

MENU = '<Say>您好</Say><Gather numDigits="1" action="/menu"><Say>报修请按1</Say></Gather><Redirect>/in</Redirect>'


def test_hanging_up_in_the_middle_of_a_gather_asks_nothing_but_tells_the_status(board: Switchboard) -> None:
    board.documents["/status"] = ""
    phone = board.phone(MENU, status=f"{HOST}/status").call().press("", after=2).hangup()
    assert [seen.path for seen in board.seen] == ["/in", "/status"] and phone.ended == "caller"
    told = board.asked("/status")[0]
    assert (told["CallStatus"], told["CallDuration"], told["Duration"]) == ("completed", "3", "1")
    assert told["SequenceNumber"] == "0" and told["Timestamp"].endswith("+0000")


def test_hanging_up_in_the_middle_of_a_prompt(board: Switchboard) -> None:
    phone = board.phone(MENU).call(until="您好").wait(0.2, until="您好").hangup()
    assert phone.heard == ["您好"] and phone.entries("heard")[0].detail["cut"] == "0.2"


def test_hanging_up_while_the_first_document_is_under_way(board: Switchboard) -> None:
    board.documents["/status"] = ""
    phone = board.phone(MENU, status=f"{HOST}/status").call(and_hangup=True)
    assert [seen.path for seen in board.seen] == ["/in", "/status"] and phone.heard == []
    assert board.asked("/status")[0]["CallStatus"] == "no-answer"


def test_hanging_up_while_an_answer_is_under_way(board: Switchboard) -> None:
    board.documents["/menu"] = "<Say>听不到</Say>"
    phone = board.phone(MENU).call().press("1", and_hangup=True)
    assert board.asked("/menu")[0]["Digits"] == "1" and "听不到" not in phone.heard


def test_nothing_can_be_done_after_the_end(board: Switchboard) -> None:
    phone = board.phone("<Say>再见</Say>").call()
    count = len(board.seen)
    phone.press("1").say("喂").silence().wait(5).pick_up().redirect(f"{HOST}/x").hangup()
    assert len(board.seen) == count and len(phone.entries("over")) == 1


def test_status_of_every_stage_in_order(board: Switchboard) -> None:
    board.documents["/status"] = ""
    events = ("initiated", "ringing", "answered", "completed")
    board.phone("<Say>再见</Say>", status=f"{HOST}/status", status_events=events).call()
    told = board.asked("/status")
    assert [status["CallStatus"] for status in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [status["SequenceNumber"] for status in told] == ["0", "1", "2", "3"]


def test_a_call_that_we_make_is_answered_before_it_asks(board: Switchboard) -> None:
    board.documents["/status"] = ""
    extra = (("AnsweredBy", "machine_start"),)
    board.phone("<Hangup/>", direction="outbound-api", status=f"{HOST}/status", extra=extra).call()
    asked = board.asked("/in")[0]
    assert (asked["CallStatus"], asked["AnsweredBy"]) == ("in-progress", "machine_start")


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "failed", "canceled"])
def test_a_call_that_we_make_is_not_answered(board: Switchboard, outcome: str) -> None:
    board.documents["/status"] = ""
    phone = board.phone("", direction="outbound-api", status=f"{HOST}/status").call(outcome=outcome)
    assert board.asked("/in") == [] and board.asked("/status")[0]["CallStatus"] == outcome == phone.ended


def test_callbacks_come_in_any_order_and_again_when_shuffled(board: Switchboard) -> None:
    board.documents |= {"/status": "", "/file": "", "/kept": ""}
    events = ("initiated", "ringing", "answered", "completed")
    orders = set()
    for seed in range(20):
        board.seen.clear()
        document = '<Record action="/kept" recordingStatusCallback="/file"/>'
        options = {"status": f"{HOST}/status", "status_events": events, "shuffle": Random(seed)}
        board.phone(document, **options).call().say("你好").silence()
        late = [s.fields.get("SequenceNumber", "file") for s in board.seen if s.path in ("/status", "/file")]
        assert set(late) == {"0", "1", "2", "3", "file"}
        assert [seen.path for seen in board.seen][:2] == ["/in", "/kept"]  # the call itself has its order
        orders.add(tuple(late))
    assert len(orders) > 10 and any(len(order) > 5 for order in orders)


def test_a_callback_that_fails_is_an_error_in_the_log(board: Switchboard) -> None:
    phone = board.phone("<Say>再见</Say>", status=f"{HOST}/nowhere").call()
    assert phone.ended == "document" and phone.errors[0].startswith("11200")


def test_a_loop_of_redirects_ends(board: Switchboard) -> None:
    phone = board.phone("<Redirect>/in</Redirect>").call()
    assert phone.ended == "loop" and len(board.seen) == MOST_VERBS + 1


def test_a_menu_nobody_answers_ends(board: Switchboard) -> None:
    phone = board.phone(MENU).call()
    while phone.ended == "":
        phone.silence()
    assert phone.ended == "loop"


def test_a_queue_nobody_takes_one_from_ends(board: Switchboard) -> None:
    board.documents["/wait"] = "<Pause/>"
    for document in ('<Enqueue waitUrl="/wait">q</Enqueue>', "<Enqueue>q</Enqueue>"):
        phone = board.phone(document).call()
        while phone.ended == "":
            phone.silence()
        assert phone.ended == "loop"


def test_no_call_lasts_longer_than_four_hours(board: Switchboard) -> None:
    phone = board.phone(
        '<Say loop="0">您好</Say><Pause length="3600"/>' + '<Pause length="3600"/>' * 4
    ).call()
    assert phone.ended == "time" and phone.state.clock >= LONGEST_CALL


def test_a_transcript(board: Switchboard) -> None:
    board.documents["/menu"] = "<Say>请讲故障</Say>"
    phone = play(board.phone(MENU), [("报修请按1", "press 1"), ("请讲", "")])
    assert phone.ended == "document"


def test_a_transcript_that_is_not_followed_shows_the_call(board: Switchboard) -> None:
    with pytest.raises(OffScript, match=r"expected '投诉'(.|\n)*报修请按1"):
        play(board.phone(MENU), [("投诉", "press 1")])


def test_a_transcript_with_an_error_of_ours_fails(board: Switchboard) -> None:
    with pytest.raises(OffScript, match="11200"):
        play(board.phone(MENU), [("报修请按1", "press 1")])


@pytest.mark.parametrize(
    "step", ["pres 1", "press", "press x", "wait soon", "silence please", "hangup now", ""]
)
def test_a_step_that_is_none(board: Switchboard, step: str) -> None:
    with pytest.raises(BadStep):
        do(board.phone(MENU).call(), step)


# Any document and any caller: the call is over after a bounded number of steps.

PROMPT = st.sampled_from(["<Say>您好</Say>", "<Play>a.mp3</Play>", "<Pause/>", '<Say loop="0">您好</Say>'])
GATHER = st.builds(
    lambda prompts, attributes: f"<Gather {attributes}>{''.join(prompts)}</Gather>",
    st.lists(PROMPT, max_size=2),
    st.sampled_from(
        ["", 'numDigits="1"', 'input="speech" language="zh-CN"', 'input="dtmf speech" language="cmn-Hans-CN" timeout="1"',
         'finishOnKey=""', 'actionOnEmptyResult="true"', 'action="/1" method="GET"', 'finishOnKey="*" action="/0"']
    ),
)  # fmt: skip
OTHER = st.sampled_from(
    ["<Record/>", '<Record action="/1" maxLength="5" recordingStatusCallback="/2"/>', "<Dial>10086</Dial>",
     '<Dial action="/2" hangupOnStar="true"><Number url="/w">10086</Number></Dial>', "<Enqueue>q</Enqueue>",
     '<Enqueue waitUrl="/w" action="/0">q</Enqueue>', "<Leave/>", "<Redirect>/0</Redirect>", "<Redirect/>",
     "<Redirect>/gone</Redirect>", "<Hangup/>", "<Reject/>", "<Shout/>"]
)  # fmt: skip
DOCUMENT = st.lists(st.one_of(PROMPT, GATHER, OTHER), max_size=4).map("".join)
ACTION = st.one_of(
    st.sampled_from(
        ["silence", "wait 3", "wait 100", "hangup", "say 空调不制冷", "say ", "answer", "busy", "redirect"]
    ),
    st.text("0123456789*#", min_size=1, max_size=6).map(lambda keys: f"press {keys}"),
)
CALLEES = st.lists(
    st.builds(Callee, st.sampled_from(["completed", "busy", "no-answer"]), talk=st.sampled_from([None, 5.0])),
    max_size=3,
)


def kept(call: Call) -> Call:
    """As another process would find it."""
    again = load(dump(call))
    again.journal = call.journal
    return again


def move(phone: Phone) -> None:
    """The call goes on in another process, from what was kept of it."""
    phone.state = phone._network.call = kept(phone.state)


@settings(max_examples=80, deadline=None)
@given(
    documents=st.lists(DOCUMENT, min_size=4, max_size=4),
    actions=st.lists(ACTION, max_size=8),
    callees=CALLEES,
)
def test_any_caller_and_any_documents_come_to_an_end(
    documents: list[str], actions: list[str], callees: list[Callee]
) -> None:
    board = Switchboard(dict(zip(("/in", "/0", "/1", "/w"), documents, strict=True)) | {"/2": ""})
    phone = board.phone(fallback=f"{HOST}/2", status=f"{HOST}/2", callees=callees).call()
    for action in actions:
        move(phone)
        if action == "redirect":
            phone.redirect(f"{HOST}/1")
        else:
            do(phone, action)
    rounds = 0
    while not phone.ended:
        phone.silence()
        rounds += 1
        assert rounds <= 2 * MOST_VERBS
    most = (len(actions) + len(callees) * 2 + 2) * (MOST_VERBS + 5) * 3
    assert len(board.seen) <= most and all(seen.genuine for seen in board.seen)
    clocks = [entry.at for entry in phone.state.journal]
    assert clocks == sorted(clocks) and phone.entries("over")[-1] is phone.state.journal[-1]
    assert board.seen[-1].path == "/2" and board.seen[-1].fields["CallStatus"] != "in-progress"


def test_a_call_goes_on_in_another_process_as_if_nothing_had_been(board: Switchboard) -> None:
    board.documents["/menu"] = '<Enqueue waitUrl="/wait" action="/out">q</Enqueue>'
    board.documents |= {
        "/wait": '<Gather action="/leave" finishOnKey="*"><Say>一</Say><Say>二</Say></Gather>'
    }
    board.documents |= {"/leave": "<Leave/>", "/out": '<Record action="/end"/>', "/end": "<Say>完</Say>"}
    steps = ["press 1", "press 12", "press *", "say 留言", "silence"]
    journals = []
    for moves in (False, True):
        phone = board.phone(MENU, sid="CA" + "1" * 32).call()
        for step in steps:
            if moves:
                move(phone)
            do(phone, step)
        journals.append([(entry.at, entry.kind, entry.text) for entry in phone.state.journal])
    assert (journals[0] == journals[1] and journals[0][-1][1] == "over") or phone.recorded == ["留言"]


def test_the_machine_ignores_what_does_not_fit() -> None:
    call = Call(Line(f"{HOST}/in", "AC", "CA1"))
    machine.dialled(call)
    machine.other_ends(call)
    machine.pick_up(call)
    machine.wait(call)
    machine.press(call, "1")
    machine.say(call, "喂")
    assert call.doing.kind == "asking" and call.typed == "1"
    machine.received(call, f"{HOST}/in", "<Response><Say>您好</Say></Response>")
    machine.received(call, f"{HOST}/in", "<Response><Say>又一份</Say></Response>")
    assert [entry.text for entry in call.journal if entry.kind == "heard"] == ["您好"]
