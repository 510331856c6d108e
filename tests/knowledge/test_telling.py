"""An article in two languages: brought in by a file, found as an answer, and refused where half of it is missing."""

from pathlib import Path

import pytest

from core.house import House
from core.knowledge.files import BadReference
from core.knowledge.model import Article
from core.knowledge.questions import pair_of
from core.knowledge.reference import import_file
from core.knowledge.telling import telling

CHINESE = """
- slug: own-heater
  category: water_heater
  symptoms: [no_power]
  title: 热水器没电
  title_en: The heater has no power
  steps: [请看插头。, 请按复位键。]
  warnings: [请不要拆机。]
"""
ENGLISH = (
    CHINESE
    + """  steps_en: [Look at the plug., Press reset.]
  warnings_en: [Do not open it.]
"""
)


def brought_in(house: House, folder: Path, text: str) -> Article:
    file = folder / "own.yaml"
    file.write_text(text, "utf-8")
    with house.database.session() as session:
        import_file(session, "articles", file)
        session.commit()
        return session.get_one(Article, "own-heater")


def test_both_languages_or_one(house: House, tmp_path: Path) -> None:
    article = brought_in(house, tmp_path, ENGLISH)
    told = telling(article, "en")
    assert told and (told.title, list(told.steps), list(told.warnings), told.voice) == (
        "The heater has no power",
        ["Look at the plug.", "Press reset."],
        ["Do not open it."],
        "",
    )
    anew = brought_in(house, tmp_path, CHINESE)
    assert telling(anew, "zh") and not telling(anew, "en")  # not the English of other Chinese words


@pytest.mark.parametrize(
    "text",
    [
        f"{CHINESE}  steps_en: [Look at the plug.]\n",
        f"{CHINESE}  warnings_en: [Do not open it.]\n",
        ENGLISH.replace("  title_en: The heater has no power\n", ""),
    ],
    ids=["a step", "warnings alone", "no title"],
)
def test_a_part_of_it_is_not_brought_in(house: House, tmp_path: Path, text: str) -> None:
    with pytest.raises(BadReference, match="own-heater"):
        brought_in(house, tmp_path, text)
    with house.database.reading() as session:
        assert session.get(Article, "own-heater") is None


def test_an_article_that_answers_does_so_in_the_askers_language(house: House) -> None:
    with house.database.reading() as session:
        for language, step in (("zh", "请换两节新电池"), ("en", "Please put in two new batteries")):
            found = pair_of(session, "article:tv-remote", language)
            assert found and step in found[1].answer
