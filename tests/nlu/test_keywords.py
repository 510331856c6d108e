"""The fallback alone carries the main stories."""

import time

import pytest

from core.dialogue.meaning import ENTITY_TYPES, INTENTS, SYMPTOMS
from nlu.keywords import understand

STORY = [
    ("我家美的空调不制冷了", "report_fault"),
    ("还是不行", "deny"),
    ("解决了", "affirm"),
    ("好的", "affirm"),
    ("不对", "deny"),
    ("我叫王伟，电话13800138000，住武侯区人民南路四段11号", "provide_info"),
    ("不对，电话是13912345678", "provide_info"),
    ("我的报修到哪一步了", "ask_ticket_status"),
    ("转人工", "talk_to_human"),
    ("洗衣机漏水", "report_fault"),
    ("能不能改到明天下午", "reschedule_visit"),
    ("取消报修", "cancel_ticket"),
    ("新买的空调要安装", "request_install"),
    ("修一次多少钱", "ask_warranty_or_fee"),
    ("海信客服电话是多少", "ask_contact"),
    ("我要投诉你们师傅", "file_complaint"),
    ("5分", "rate_service"),
    ("非常满意", "rate_service"),
    ("我要报名培训", "book_training"),
    ("你好", "greet"),
    ("谢谢", "thanks"),
    ("再见", "goodbye"),
    ("今天天气怎么样", "out_of_scope"),
    ("空调怎么清洗滤网", "ask_howto"),
    ("電視沒有聲音", "report_fault"),
    ("建议遥控器加个背光", "give_suggestion"),
    ("型号KFR-35GW", "provide_info"),
    ("去年五月买的", "provide_info"),
]


@pytest.mark.parametrize(("text", "intent"), STORY)
def test_the_intents_of_the_main_stories(text: str, intent: str) -> None:
    assert understand(text).intent == intent


@pytest.mark.parametrize(
    ("text", "symptom", "blamed"),
    [
        ("我家美的空调不制冷了", "no_cooling", False),
        ("电视显示无信号", "no_signal_or_network", True),
        ("洗衣机报E4", "error_code", False),
        ("打印机卡纸", "door_or_mechanical", False),
        ("遥控器没反应，是不是电池没电了", "remote_unresponsive", True),
        ("空调漏水把床打湿了", "water_leak", False),
    ],
)
def test_symptom_and_whose_side(text: str, symptom: str, blamed: bool) -> None:
    meaning = understand(text)
    assert (meaning.symptom, meaning.non_quality, meaning.source) == (symptom, blamed, "keywords")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("我家美的空調壞了", "brand", "美的"),
        ("我家美的空調壞了", "product", "空調"),
        ("電話幺三八零零一三八零零零", "phone", "幺三八零零一三八零零零"),
        ("工单2611220001到哪了", "ticket_no", "2611220001"),
        ("型号ＫＦＲ－35GW", "model", "ＫＦＲ－35GW"),
        ("空调显示E1", "error_code", "E1"),
        ("我叫王伟", "person", "王伟"),
        ("我是李女士", "person", "李女士"),
        ("地址是武侯区人民南路四段11号", "address", "武侯区人民南路四段11号"),
        ("去年五月买的", "purchase_date", "去年五月"),
        ("能改到明天下午三点吗", "visit_time", "明天下午三点"),
        ("给5分", "score", "5分"),
        ("发票号12345678", "invoice_no", "12345678"),
    ],
)
def test_entities_are_the_original_letters(text: str, kind: str, value: str) -> None:
    meaning = understand(text)
    assert meaning.first(kind) == value
    assert all(text[e.start : e.end] == e.value for e in meaning.entities)


@pytest.mark.parametrize(
    "text", ["", "   ", "😀", "\x00\u200b\ud800", "9" * 10_000, "空调" * 5000, "مرحبا abc", '{"text": 1}']
)
def test_any_text_has_a_legal_answer(text: str) -> None:
    meaning = understand(text)
    assert meaning.intent in INTENTS and 0 <= meaning.confidence <= 1
    assert meaning.symptom in (None, *SYMPTOMS)
    assert all(e.type in ENTITY_TYPES for e in meaning.entities)


def test_it_is_quick() -> None:
    understand("热身")
    started = time.thread_time()  # a busy neighbour is no fault of ours
    for text, _ in STORY * 10:
        understand(text)
    assert (time.thread_time() - started) / (len(STORY) * 10) < 0.005


@pytest.mark.parametrize("text", ["my machine leaks", "AC-35GW坏了", "型号是M7400AC", "PC1234"])
def test_a_latin_product_is_a_whole_word_and_no_piece_of_a_code(text: str) -> None:
    assert [e.value for e in understand(text).entities if e.type == "product"] == []


def test_a_code_that_begins_with_a_product_is_a_model() -> None:
    found = understand("型号AC-35GW，不制冷").entities
    assert [(e.type, e.value) for e in found] == [("model", "AC-35GW")]


@pytest.mark.parametrize("text", ["my AC is broken", "AC坏了", "the all-in-one TV", "家里的tv没声音"])
def test_a_latin_product_by_itself_is_one(text: str) -> None:
    assert [e.type for e in understand(text).entities] == ["product"]
