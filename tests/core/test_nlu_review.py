"""The learning loop: only doubtful sentences are kept, without personal data, and a person says what they mean."""

import pytest
import yaml

from core.dialogue.meaning import Entity, Meaning
from core.house import House
from core.nlu_review.mask import masked, masked_text
from core.nlu_review.model import NluReview
from core.nlu_review.review import BadLabel, checked, counted, doubt, labelled, settle, waiting
from nlu.export import rasa_yaml
from tests.conftest import MONDAY_MORNING

FAULT = {"intent": "report_fault", "symptom": "no_cooling", "non_quality": False}


def heard(house: House, *meanings: Meaning) -> list[NluReview]:
    with house.database.session() as session:
        for meaning in meanings:
            doubt(session, house, meaning, at=MONDAY_MORNING)
        session.commit()
    with house.database.reading() as session:
        return waiting(session, limit=10)


def unsure(text: str, *entities: Entity) -> Meaning:
    return Meaning(text, "report_fault", 0.3, entities, "other", False)


def test_only_what_the_model_doubts_is_kept(house: House) -> None:
    sure = Meaning("空调不冷", "report_fault", 0.95, (), "no_cooling", False)
    keywords = Meaning("空调不冷", "report_fault", 0.2, (), "no_cooling", False, "keywords")
    number = unsure("13800138000", Entity("phone", "13800138000", 0, 11))
    assert heard(house, sure, keywords, number) == []
    [row] = heard(house, unsure("屋里跟蒸笼一样"))
    assert (row.text, row.why, row.status, row.meaning["symptom"]) == (
        "屋里跟蒸笼一样",
        "low_confidence",
        "open",
        "other",
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("我叫王伟，空调不冷", "我叫〔person〕，空调不冷"),
        ("电话138 0013 8000快来", "电话〔phone〕快来"),
        ("幺三八零零一三八零零零打这个", "〔phone〕打这个"),
        ("发到wang.wei@example.com", "发到〔person〕"),
        ("成都市武侯区人民南路四段11号漏水", "〔address〕漏水"),
        ("我是说空调", "我是说空调"),
    ],
)
def test_personal_data_is_masked_where_no_entity_says_so(text: str, kept: str) -> None:
    assert masked_text(text) == kept


def test_personal_data_is_masked_by_its_entities() -> None:
    text = "李工让我找小赵，住玉林"
    meaning = unsure(text, Entity("person", "李工", 0, 2), Entity("address", "玉林", 9, 11))
    assert masked(meaning) == "〔person〕让我找小赵，住〔address〕"


def test_a_click_files_all_that_read_the_same_once(house: House) -> None:
    first, second, other = heard(house, unsure("它不冷"), unsure("它不冷"), unsure("它不热"))[::-1]
    with house.database.session() as session:
        assert settle(session, first.id, FAULT, by="赵经理", at=MONDAY_MORNING)
        assert not settle(session, second.id, FAULT, by="赵经理", at=MONDAY_MORNING)
        assert settle(session, other.id, None, by="赵经理", at=MONDAY_MORNING)
        assert not settle(session, 999, None, by="赵经理", at=MONDAY_MORNING)
        session.commit()
        assert counted(session) == {"labelled": 1, "dismissed": 2}
        assert [(row.text, row.label, row.by) for row in labelled(session)] == [("它不冷", FAULT, "赵经理")]


def test_labels_are_those_of_the_contract() -> None:
    assert checked({"intent": "greet", "symptom": "noise", "non_quality": True}) == {
        "intent": "greet",
        "symptom": None,
        "non_quality": None,
    }
    assert (
        checked({"intent": "emergency", "symptom": "fire_smoke", "non_quality": True})["non_quality"] is False
    )
    for bad in ({"intent": "hello"}, {"intent": "report_fault"}, {"intent": "emergency", "symptom": "?"}):
        with pytest.raises(BadLabel):
            checked(bad)


def test_the_export_is_rasa_yaml_without_anybodys_data() -> None:
    text = rasa_yaml(
        [
            ("我叫〔person〕，美的空调不冷", FAULT),
            ("我叫〔person〕，美的空调不冷", FAULT),
            ("有[人]吗\n在", {"intent": "greet", "symptom": None, "non_quality": None}),
        ]
    )
    fault, greet = yaml.safe_load(text)["nlu"]
    assert fault["examples"] == "- 我叫[王伟](person)，[美的](brand)[空调](product)不冷\n"
    assert fault["metadata"] == {"symptom": "no_cooling", "non_quality": False}
    assert (greet["intent"], greet["examples"]) == ("greet", "- 有 人 吗 在\n")
    assert yaml.safe_load(rasa_yaml([]))["nlu"] == []
