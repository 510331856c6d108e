"""Every document holds to jambonz's published schema: each kind by itself, and all that the menu's walk meets."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from ivr.jambonz.verbs import RENDER, Leg, Voice, accepting, connected, to_verbs
from ivr.speak import Again, Dial, Gather, Hangup, Hold, Next, Record, Speak, Wait
from tests.ivr.jambonz.caller import JambonzCaller
from tests.ivr.jambonz.schema import Invalid, validate

LEG = Leg(7, 3, Voice("microsoft", "zh-CN", "zh-CN-XiaoxiaoNeural", "google"), "+864008880000")
KINDS: list[Next] = [
    Gather(),
    Gather(one=False, speech=False),
    Gather(hints=("空调", "x" * 300)),
    Record("voicemail"),
    Dial("+8613911110001"),
    Dial("+8613911110001", whisper=False, record=True),
    Hold("person"),
    Wait(),
    Wait(choices=True),
    Wait(leave=True),
    Again(),
    Hangup(),
]


@pytest.mark.parametrize("then", KINDS, ids=repr)
def test_each_kind(then: Next) -> None:
    for said in ((), ("您好。", "请按1。")):
        for barge in (True, False):
            document = to_verbs(Speak(said, then, "zh", barge), LEG)
            verbs = validate(json.loads(document))
            assert len(document.encode()) < 64 * 1024
            left = isinstance(then, Wait) and then.leave
            assert left or ("您好。请按1。" in json.dumps(verbs, ensure_ascii=False)) == bool(said)


def test_all_kinds_are_here() -> None:
    assert {type(then) for then in KINDS} == set(RENDER)


def test_a_document_never_ends_by_itself() -> None:
    """When a hook fails jambonz takes the next verb: there is always one, so nobody is simply hung up on."""
    for then in KINDS:
        assert json.loads(to_verbs(Speak((), then), LEG))[-1]["verb"] in ("redirect", "hangup")


def test_words_that_no_key_cuts_stand_before_the_gather() -> None:
    verbs = json.loads(to_verbs(Speak(("危险。",), Gather(), barge=False), LEG))
    assert [verb["verb"] for verb in verbs] == ["say", "gather", "redirect"]
    assert verbs[1]["bargein"] is False and "say" not in verbs[1]


def test_the_other_legs_documents() -> None:
    verbs = validate(json.loads(accepting(Speak(("来电。",), Hangup()), LEG)))
    assert [verb["verb"] for verb in verbs] == ["gather", "hangup"]
    assert validate(json.loads(accepting(None, LEG))) == [{"verb": "hangup"}]
    assert validate(json.loads(connected()))[0]["verb"] == "pause"


WRONG: list[Any] = [
    {},
    [{"text": "a"}],
    [{"verb": "sing"}],
    [{"verb": "say", "words": "a"}],
    [{"verb": "say", "text": 1}],
    [{"verb": "pause"}],
    [{"verb": "pause", "length": True}],
    [{"verb": "gather", "input": "digits"}],
    [{"verb": "gather", "say": {"text": "a", "synthesizer": {}}}],
    [{"verb": "dial", "target": [{"type": "pigeon"}]}],
    [{"verb": "dial", "target": {"type": "phone"}}],
]


@pytest.mark.parametrize("document", WRONG, ids=repr)
def test_the_schema_is_strict(document: Any) -> None:
    with pytest.raises(Invalid):
        validate(document)


OFFERED = re.compile(r"(?:请按|press )(\d)")
MOST_KEYS = 4


def test_every_path_of_the_menu_by_its_documents(
    call: Callable[..., JambonzCaller], staff: Callable[..., None]
) -> None:
    """What is offered is pressed: each document is valid (the caller refuses others), leads on, and 0 to a person."""
    staff(("周客服", "+8613911110001"))
    met: set[str] = set()
    kinds: set[str] = set()
    waiting: list[tuple[str, ...]] = [(), ("8",)]
    while waiting:
        keys = waiting.pop(0)
        caller = call("anonymous")
        for key in keys:
            if caller.doing.get("verb") != "gather":
                break
            caller.press(key + "#")
        question = re.sub(r"\d", "", "".join(caller.heard))[-60:]
        kinds.add(caller.doing.get("verb", "over"))
        if not caller.over and question not in met and caller.doing["verb"] == "gather":
            offered = dict.fromkeys(OFFERED.findall("".join(caller.heard)))
            met.add(question)
            if len(keys) < MOST_KEYS:
                waiting += [(*keys, key) for key in offered]
            caller.press("0#")
            if caller.doing.get("verb") == "gather":
                caller.silence()
            assert caller.doing["verb"] == "dial", (keys, caller.heard)
            caller.talked("busy")
        if not caller.over:
            caller.hang_up()
    assert len(met) > 50 and kinds == {"gather", "listen", "dial", "over"}, (len(met), kinds)
