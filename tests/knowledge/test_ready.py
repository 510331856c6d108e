"""What a question needs is made before anybody asks, with a language model or without one."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

from app.upkeep import Upkeep
from core.house import House
from core.knowledge import shelf
from core.media.store import MediaStore
from nlu.client import NluClient
from tests.play import Story
from tests.waiting import until


def test_the_index_is_made_at_the_start(house: House, tmp_path: Path) -> None:
    upkeep = Upkeep(house, NluClient(None), MediaStore(tmp_path), modelled=False)
    assert house.book not in shelf._shelves
    upkeep.start(working=False)
    until(lambda: house.book in shelf._shelves)
    upkeep.stop()


def test_others_may_write_while_the_first_question_waits_for_the_index(house: House) -> None:
    story, real, stored = Story(house), shelf._renewed, []

    def made(*args: Any) -> Any:
        stored.append(story.arrive("李先生", "你好"))
        return real(*args)

    with patch.object(shelf, "_renewed", made):
        assert "出处：" in story.says("教学一体机怎么无线投屏")
    assert len(stored) == 1
