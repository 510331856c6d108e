"""Every path of the menu, walked: by a telephone that obeys the documents, and on paper."""

import re
from collections.abc import Callable

import pytest

from core.knowledge.book import Book
from ivr.actions import ACTIONS
from ivr.line import Line
from ivr.menu import BadMenu, Choice, Menu, Node, Then, hear, parse, press, shipped, shipped_menu
from ivr.rules import START, depths_of, problems, seconds
from ivr.softphone import Caller
from ivr.stations.menu import prompt

LANGUAGES = ("zh", "en")


def spoken(language: str) -> Callable[[Node], str]:
    book, menu = Book(), shipped_menu(language)
    return lambda node: prompt(
        menu,
        node,
        lambda label, key: book.text("voice.choice", language, label=label, digit=key),
        book.text("voice.person", language),
    )


MOST_DEPTH = 4  # keys from the greeting
OFFERED = re.compile(r"(?:请按|press )(\d)")


def test_every_path_is_walked_no_end_is_dead_and_a_person_is_near(
    phone: Callable[..., Caller], staff: Callable[..., None]
) -> None:
    """What is offered is pressed, from every question that is met: whatever is heard, keys lead on and 0 to a person."""
    staff(("周客服", "+8613911110001"))
    met: set[str] = set()
    waiting: list[tuple[str, ...]] = [(), ("8",)]
    while waiting:
        keys = waiting.pop(0)
        call = dial(phone, keys)
        if call.ended:
            assert call.ended == "hangup" and ("再见" in call.heard[-1] or "Goodbye" in call.heard[-1]), keys
            continue
        question = "".join(call.last[-2:])
        assert call.last and not call.errors, (keys, call.heard)
        if question in met:
            call.hangup()
            continue
        met.add(question)
        person_is_near(call, keys)
        call.hangup()
        if len(keys) < MOST_DEPTH:
            waiting += [(*keys, key) for key in dict.fromkeys(OFFERED.findall(question))]
    assert len(met) > 50, len(met)


def dial(phone: Callable[..., Caller], keys: tuple[str, ...]) -> Caller:
    call = phone("anonymous").call()
    for key in keys:
        assert call.doing in ("gathering", "recording", "ringing"), (keys, call.heard)
        if call.doing == "ringing":
            call.busy()
        call.press(key)
        if call.doing == "gathering" and not call.last:  # a number is keyed: # ends it
            call.press("#")
    return call


def person_is_near(call: Caller, keys: tuple[str, ...]) -> None:
    """0, and # where a number is keyed; then nothing more is asked of the caller."""
    if call.doing in ("recording", "ringing"):
        return  # a message is for a person; a person is rung
    call.press("0")
    if not call.last:
        call.press("#")
    if not call.dialled:
        call.silence()
    assert call.dialled == ["+8613911110001"], (keys, call.heard)
    call.busy()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_menu_holds_to_the_rules(language: str) -> None:
    menu = shipped_menu(language)
    assert problems(menu, spoken(language), ACTIONS) == []
    assert max(depths_of(menu).values()) <= 3
    assert max(seconds(spoken(language)(node)) for node in menu.nodes.values()) <= 15.0


def test_the_chinese_main_menu_is_the_one_that_was_asked_for() -> None:
    wanted = "报修请按1，查进度请按2，投诉建议请按3，保修与收费、厂家热线请按4，培训请按5，人工请按0。"
    assert spoken("zh")(shipped_menu("zh").nodes[START]) == wanted
    assert len(wanted) / 4 <= 15


def test_languages_have_the_same_nodes_but_for_faults() -> None:
    zh, en = ({n for n in shipped_menu(x).nodes if not n.startswith("fault_")} for x in LANGUAGES)
    assert zh == en


def test_pressing_and_hearing_are_pure() -> None:
    menu = shipped_menu("zh")
    assert press(menu, "main", "1") == Then("do", "repair")
    assert press(menu, "main", "0") == Then("do", "person")
    assert press(menu, "main", "*") == Then("do", "back") and press(menu, "main", "9") == Then("do", "repeat")
    assert (
        press(menu, "main", "7") is None
        and press(menu, "main", "#") is None
        and press(menu, "main", "12") is None
    )
    for words in ("报修", "我要报修", "报修吧", "报修。"):
        assert hear(menu, "main", words) == Then("do", "repair"), words
    assert hear(menu, "main", "转人工") == Then("do", "person") and hear(menu, "main", "返回") == Then(
        "do", "back"
    )
    # A sentence tells more than a menu word, and belongs to the dialogue.
    assert hear(menu, "main", "我家空调坏了想报修一下") is None


BROKEN = {
    "no such node": ("then: menu complain", "then: menu nowhere", "no node nowhere"),
    "no such action": ("then: do repair", "then: do magic", "nobody can do"),
    "a key of everywhere": ("key: 1, then: do repair", "key: 9, then: do repair", "1 to 8"),
    "two of one key": ("key: 2, then: do status", "key: 1, then: do status", "twice"),
    "too long": ("label: 报修,", f"label: {'请您仔细听' * 13},", "s to listen to"),
    "nothing said": ("label: 报修,", "label: '',", "nothing is said"),
    "no consequence": ("then: do repair", "then: repair", "is none of"),
    "no way out": ("then: do goodbye", "then: menu more", ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_menu_is_refused_with_the_place(name: str) -> None:
    before, after, why = BROKEN[name]
    text = shipped("zh")
    assert before in text
    found = problems(parse(text.replace(before, after, 1), "zh"), spoken("zh"), ACTIONS)
    assert (found and why in " ".join(found)) or name == "no way out"


def test_a_ring_without_a_way_out_is_found() -> None:
    ring = {
        name: Node(name, "", (Choice("1", "转", Then("menu", other)),))
        for name, other in (("main", "more"), ("more", "main"))
    }
    rest = {
        n: shipped_menu("zh").nodes["closed"]
        for n in ("closed", "category", "status", "hotline_told", "fault_other")
    }
    found = problems(Menu("zh", {**ring, **rest}), spoken("zh"), ACTIONS)
    assert "main: no path from here ends" in found


def test_six_choices_and_a_deep_node_are_refused() -> None:
    menu = shipped_menu("zh")
    many = Node("main", "", tuple(Choice(str(n), "甲", Then("do", "repair")) for n in range(1, 7)))
    assert any(
        "6 choices" in why
        for why in problems(Menu("zh", {**menu.nodes, "main": many}), spoken("zh"), ACTIONS)
    )
    deep = {f"d{n}": Node(f"d{n}", "", (Choice("1", "甲", Then("menu", f"d{n + 1}")),)) for n in range(4)}
    deep["d4"] = Node("d4", "", (Choice("1", "甲", Then("do", "repair")),))
    main = Node("main", "", (*menu.nodes["main"].choices[:4], Choice("5", "深", Then("menu", "d0"))))
    nodes = {**menu.nodes, **deep, "main": main}
    nodes.pop("training")
    assert any("deeper than 3" in why for why in problems(Menu("zh", nodes), spoken("zh"), ACTIONS))


@pytest.mark.parametrize(
    "text", ["", "nodes: []", "nodes: {main: {choices: [{key: 1}]}}", "a: [", "nodes: {main: 1}", "null"]
)
def test_what_is_no_menu_is_said_so(text: str) -> None:
    with pytest.raises(BadMenu):
        parse(text, "zh")


def test_every_action_is_a_function_of_the_line() -> None:
    assert all(callable(action) for action in ACTIONS.values()) and Line.__doc__


def test_the_document_of_the_menu_is_the_menu() -> None:
    from ivr.document_menu import DOCS, pages

    for name, text in pages().items():
        assert (DOCS / name).read_text("utf-8") == text, f"{name}: run python -m ivr.document_menu"
