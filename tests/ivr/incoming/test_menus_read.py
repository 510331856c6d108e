"""The menus are read once, by whichever call asks first; no caller hears what is shipped where it was edited."""

import threading

import pytest

from core.call.model import EditedMenu
from core.house import House
from ivr import menus
from ivr.menu import shipped
from ivr.menus import Menus
from tests.waiting import PATIENCE


@pytest.fixture
def edited(house: House) -> House:
    text = shipped("zh").replace("label: 报修, key: 1", "label: 报修登记, key: 1")
    with house.database.session() as session:
        session.add(EditedMenu(language="zh", text=text))
        session.commit()
    return house


def test_who_calls_while_the_menus_are_read_for_the_first_time_hears_the_edited_one(
    edited: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, go, heard = threading.Event(), threading.Event(), list[str]()
    kept, read = Menus(edited.database), menus._read

    def slowly(row: EditedMenu) -> object:
        reads.set()
        go.wait(PATIENCE)
        return read(row)

    def calls() -> None:
        heard.append(kept.of("zh").nodes["main"].choices[0].label)

    monkeypatch.setattr(menus, "_read", slowly)
    callers = [threading.Thread(target=calls) for _ in "12"]
    callers[0].start()
    assert reads.wait(PATIENCE) and not kept.is_fresh()
    callers[1].start()
    callers[1].join(0.3)  # time enough to hear the shipped one
    go.set()
    for caller in callers:
        caller.join()
    assert heard == ["报修登记"] * 2 and kept.is_fresh()
