"""Pictures of steps: kept once, carried over when steps are edited, imported beside an article's file."""

from pathlib import Path

import pytest

from core.house import House
from core.knowledge.files import BadReference
from core.knowledge.model import Article, StepPicture
from core.knowledge.pictures import Pictures, carried_over, keep_picture, step_picture
from core.knowledge.reference import import_file
from tests.pictured import COOLING, pictured
from tests.play import Story
from tests.training.pictures import photo

ABC = ["甲", "乙", "丙"]
EDITS = {
    "nothing": (ABC, {"1": "a", "3": "c"}),
    "moved": (["丙", "甲", "乙"], {"2": "a", "1": "c"}),
    "one put before": (["新", *ABC], {"2": "a", "4": "c"}),
    "one taken away": (["乙", "丙"], {"2": "c"}),
    "words changed": (["甲，先关机", "乙", "丙"], {"1": "a", "3": "c"}),
    "words changed and moved over": (["乙", "丙", "甲，先关机"], {"2": "c"}),
    "cut short": (["甲"], {"1": "a"}),
    "all gone": ([], {}),
}


@pytest.mark.parametrize("edit", EDITS)
def test_each_goes_with_its_words(edit: str) -> None:
    after, expected = EDITS[edit]
    assert carried_over(ABC, after, {"1": "a", "3": "c"}) == expected


def test_the_same_picture_is_kept_once(house: House) -> None:
    content = photo(colour="olive", kind="PNG")
    with house.database.session() as session:
        before = session.query(StepPicture).count()
        first = keep_picture(session, step_picture(content))
        assert keep_picture(session, step_picture(content)) == first
        assert session.query(StepPicture).count() == before + 1
        session.commit()
    assert Pictures(house.database).content(first) == (content, "image/png")
    with pytest.raises(LookupError):
        Pictures(house.database).content("0" * 64)


def test_each_step_is_said_with_its_own_picture_and_other_answers_with_none(story: Story) -> None:
    shown = pictured(story.house, 1, 3)
    said = [
        story.says(words) and story.recorders["webchat"].sent[-1].extra
        for words in ("我家美的空调不制冷了", "2", "2")
    ]
    story.says("转人工")
    pictures = [extra.get("picture", {}).get("id") for extra in said]
    assert pictures == [shown, None, shown]
    assert said[0]["picture"] == {"id": shown, "mime": "image/png", "width": 320, "height": 240}
    assert "picture" not in story.recorders["webchat"].sent[-1].extra


def test_on_the_telephone_there_is_none(story: Story) -> None:
    with story.house.database.session() as session:
        session.get_one(Article, COOLING).voice = ""  # then the steps are read aloud
        session.commit()
    pictured(story.house, 1)
    story.recorders["voice"] = story.recorders["webchat"]
    assert "第1步" in story.says("我家美的空调不制冷了", channel="voice")
    assert "picture" not in story.recorders["voice"].sent[-1].extra


ARTICLE = """
- slug: own-heater
  category: water_heater
  symptoms: [no_power]
  title: 自家的热水器
  steps: [看插头, 看开关]
  pictures: {2: switch}
"""


def write(folder: Path, picture: bytes | None) -> Path:
    file = folder / "own.yaml"
    file.write_text(ARTICLE, "utf-8")
    if picture is not None:
        (folder / "pictures").mkdir()
        (folder / "pictures" / "switch.jpg").write_bytes(picture)
    return file


def test_an_article_is_imported_with_the_pictures_beside_it(house: House, tmp_path: Path) -> None:
    file = write(tmp_path, photo())
    with house.database.session() as session:
        import_file(session, "articles", file)
        session.commit()
    with house.database.reading() as session:
        article = session.get_one(Article, "own-heater")
        assert list(article.pictures) == ["2"]
        assert session.get_one(StepPicture, article.pictures["2"]).mime == "image/jpeg"


@pytest.mark.parametrize("content", [None, b"<svg onload='alert(1)'/>", b""])
def test_a_picture_that_is_none_brings_nothing_in(
    house: House, tmp_path: Path, content: bytes | None
) -> None:
    file = write(tmp_path, content)
    with house.database.session() as session, pytest.raises(BadReference, match="no picture"):
        import_file(session, "articles", file)
