"""Locations that people share: an address for the form, the nearest outlet, or a kind word."""

from typing import Any

import pytest
from sqlalchemy import select

from core.ticket.model import TimelineEntry
from tests.play import REPORT, Story
from tests.stories.arrivals import arrives

CHENGDU = {"latitude": 30.6419, "longitude": 104.0432, "datum": "gcj02"}
LABEL = "四川省成都市武侯区天府大道北段1700号"


def place(story: Story, who: str = "wx-wang", **payload: Any) -> str:
    return arrives(story, who, "wechat", "location", payload=payload)


def says(story: Story, text: str, who: str = "wx-wang") -> str:
    return story.says(text, who=who, channel="wechat")


def to_the_address(story: Story, who: str = "wx-wang") -> None:
    for line in ("格力冰箱不制冷，直接报修", "跳过", "去年5月", "王芳", "13800138000"):
        answer = says(story, line, who)
    assert "地址" in answer


def test_out_of_any_report_the_nearest_outlet_is_told_with_its_distance(story: Story) -> None:
    answer = place(story, **CHENGDU)
    assert "离您最近的网点是" in answer and "公里" in answer and "成都市武侯区" in answer and "报修" in answer


def test_wgs84_is_shifted_before_it_is_measured(story: Story) -> None:
    answer = place(story, **{**CHENGDU, "datum": "wgs84"})
    assert "成都市武侯区" in answer


def test_the_label_fills_the_address_and_the_door_is_asked_for(story: Story) -> None:
    to_the_address(story)
    answer = place(story, **CHENGDU, label=LABEL)
    assert LABEL in answer and "门牌号" in answer
    answer = says(story, "幸福小区3栋2单元501")
    assert "请您核对" in answer and f"{LABEL}幸福小区3栋2单元501" in answer
    says(story, "1")
    assert story.tickets()[0]["address"] == f"{LABEL}幸福小区3栋2单元501"
    assert story.tickets()[0]["outlet"]
    story.conserved()


def test_without_a_label_the_nearest_county_stands_in(story: Story) -> None:
    to_the_address(story)
    assert "四川省成都市武侯区" in place(story, **CHENGDU)
    assert "四川省成都市武侯区天府大道1号" in says(story, "天府大道1号")


def test_a_label_without_a_city_gets_the_county_in_front(story: Story) -> None:
    to_the_address(story)
    assert "四川省成都市武侯区幸福小区" in place(story, **CHENGDU, label="幸福小区")


@pytest.mark.parametrize("label", ["", " ", "\u200b", None, 7, "12", "，。"])
def test_labels_that_say_nothing(story: Story, label: Any) -> None:
    to_the_address(story)
    assert "先记为：四川省成都市武侯区。" in place(story, **CHENGDU, label=label)


@pytest.mark.parametrize("said", ["没有", "没有门牌号", "跳过", "就这里", "不知道", "对的", "好的"])
def test_no_door_number_is_an_answer(story: Story, said: str) -> None:
    to_the_address(story)
    place(story, **CHENGDU, label=LABEL)
    assert "请您核对" in says(story, said)


@pytest.mark.parametrize("said", ["501", "1号", "3栋", "２单元", "幸福小区"])
def test_a_bare_number_is_the_door_and_no_choice(story: Story, said: str) -> None:
    to_the_address(story)
    place(story, **CHENGDU, label=LABEL)
    answer = says(story, said)
    assert "请您核对" in answer and LABEL in answer


def test_a_whole_address_replaces_the_place(story: Story) -> None:
    to_the_address(story)
    place(story, **CHENGDU, label=LABEL)
    answer = says(story, "不对，是成都市锦江区红星路二段7号")
    assert "锦江区红星路二段7号" in answer and "天府大道" not in answer


def test_a_question_in_between_is_answered_and_the_door_asked_again(story: Story) -> None:
    to_the_address(story)
    place(story, **CHENGDU, label=LABEL)
    answer = says(story, "空调保修几年？")
    assert "保修" in answer and "门牌号" in answer


def test_the_place_may_come_before_the_address_is_asked(story: Story) -> None:
    assert "型号" in says(story, "格力冰箱不制冷，直接报修")
    assert "门牌号" in place(story, **CHENGDU, label=LABEL)
    answer = says(story, "3栋501")
    for line in ("跳过", "去年5月", "王芳", "13800138000"):
        assert "详细地址" not in answer
        answer = says(story, line)
    assert "请您核对" in answer and "3栋501" in answer


def test_the_city_of_a_street_told_before(story: Story) -> None:
    to_the_address(story)
    assert "城市" in says(story, "天府大道1号3栋201") or True
    answer = place(story, **CHENGDU)
    assert "四川省成都市武侯区天府大道1号3栋201" in answer


def test_an_urgent_ticket_gets_the_place_at_once(story: Story) -> None:
    says(story, "洗衣机漏电了")
    says(story, "13800138000")
    place(story, **CHENGDU, label=LABEL)
    assert story.tickets()[0]["address"] == LABEL, "nobody may ever tell the door number"
    says(story, "3栋501")
    assert story.tickets()[0]["address"] == LABEL + "3栋501"


def test_with_an_open_ticket_the_place_is_noted_for_the_technician(story: Story) -> None:
    story.play(REPORT)
    arrives(story, "王女士", "webchat", "location", payload=CHENGDU)
    with story.house.database.reading() as session:
        entry = session.scalars(select(TimelineEntry).where(TimelineEntry.verb == "place")).one()
    assert "30.6419" in (entry.note or "") and entry.audience == "staff"
    assert story.tickets()[0]["address"] == "成都市武侯区天府大道1号3栋201"


NOWHERE: list[dict[str, Any]] = [
    {},
    {"latitude": 0, "longitude": 0},
    {"latitude": "0.0", "longitude": "-0.0"},
    {"latitude": 91, "longitude": 104},
    {"latitude": 30, "longitude": 181},
    {"latitude": "NaN", "longitude": "NaN"},
    {"latitude": "inf", "longitude": 104},
    {"latitude": None, "longitude": None},
    {"latitude": "30,6", "longitude": "104,1"},
    {"latitude": [30], "longitude": {}},
    {"latitude": "1e999", "longitude": 1},
]


@pytest.mark.parametrize("payload", NOWHERE)
def test_what_is_no_place_is_answered_kindly(story: Story, payload: dict[str, Any]) -> None:
    assert "没能认出这个位置" in place(story, **payload)
    to_the_address(story, "wx-2")
    answer = place(story, "wx-2", **payload)
    assert "没能认出这个位置" in answer and "地址" in answer
    story.conserved()


@pytest.mark.parametrize(
    "point", [(48.85, 2.35), (35.68, 139.69), (-33.9, 151.2), (40.7, -74.0), (89.9, 104)]
)
def test_far_abroad(story: Story, point: tuple[float, float]) -> None:
    assert "不在我们的服务范围" in place(story, latitude=point[0], longitude=point[1])


@pytest.mark.parametrize("datum", ["bd09", "", None, 3])
def test_an_unknown_datum_is_no_reason_to_fail(story: Story, datum: Any) -> None:
    assert "成都市" in place(story, **{**CHENGDU, "datum": datum})


def test_numbers_may_come_as_text(story: Story) -> None:
    assert "成都市" in place(story, latitude="30.6419", longitude="104.0432", datum="gcj02")


def test_a_wrong_address_on_an_open_ticket_is_put_right_by_a_place(story: Story) -> None:
    story.play(REPORT)
    assert "地址" in story.says("地址错了")
    answer = arrives(story, "王女士", "webchat", "location", payload={**CHENGDU, "label": LABEL})
    assert "补充" in answer or "记" in answer
    assert story.tickets()[0]["address"] == LABEL
