"""Everything may be told in any order, in any number of sentences, and corrected at any time (A2)."""

import pytest

from tests.play import Story


def only(story: Story) -> dict:
    (ticket,) = story.tickets()
    return ticket


def test_all_in_one_sentence_the_number_first(story: Story) -> None:
    story.play(
        """
        客：138 0013 8000，王芳，成都市武侯区天府大道1号，美的空调KFR-35GW不制冷，2024年3月买的
        答：第 1 步
        客：直接报修
        答：请您核对 … KFR-35GW … 不制冷 … 2024-03 … 王芳 … 13800138000 … 天府大道1号
        客：1
        答：工单号
        """
    )
    ticket = only(story)
    assert ticket["description"] == "美的空调KFR-35GW不制冷"
    assert ticket["symptom"] == "no_cooling" and ticket["purchase_date"] == "2024-03"


def test_a_telephone_number_said_aloud(story: Story) -> None:
    story.play(
        """
        客：海尔洗衣机不脱水，直接报修，型号XQB80
        客：去年双十一买的，我姓周，叫周桂芳，电话幺三九零零零零幺幺幺幺，四川省泸州市江阳区大云路1号
        答：请您核对 … 周桂芳 … 13900001111 … 四川省泸州市江阳区大云路1号
        """
    )


def test_a_province_after_the_number_keeps_its_four(story: Story) -> None:
    story.play(
        """
        客：海尔洗衣机不转，直接报修
        客：陈刚 18623456789 四川省泸州市江阳区大云路1号
        答：记下了：姓名、电话、地址
        """
    )


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("我叫李明", "李明"),
        ("免贵姓张", "张"),
        ("陈先生", "陈先生"),
        ("叫我小王就行", "小王"),
        ("欧阳修文", "欧阳修文"),
        ("老李", "老李"),
    ],
)
def test_names_as_people_give_them(story: Story, said: str, name: str) -> None:
    story.play(
        f"客：格力空调不制热，直接报修\n客：跳过\n客：去年五月\n答：怎么称呼\n客：{said}\n答：联系电话"
    )
    story.play("客：13800138000\n客：成都市锦江区春熙路8号\n客：确认")
    assert only(story)["name"] == name


def test_the_phone_is_corrected_at_the_read_back(story: Story) -> None:
    story.play(
        """
        客：美的空调不制冷，直接报修
        客：王芳，13800138000，成都市武侯区天府大道1号，去年5月买的，型号KFR-35GW
        答：请您核对
        客：不对，电话是13911112222
        答：已改：电话 … 13911112222
        客：地址错了
        答：上门地址
        客：成都市锦江区春熙路8号
        答：请您核对 … 春熙路8号
        客：不是美的是格力
        答：已改：品牌 … 格力
        客：都对
        答：工单号
        """
    )
    ticket = only(story)
    assert (ticket["brand"], ticket["phone"], ticket["address"]) == (
        "格力",
        "+8613911112222",
        "成都市锦江区春熙路8号",
    )


def test_the_wrong_item_is_chosen_by_its_key(story: Story) -> None:
    story.play(
        """
        客：美的空调不制冷，直接报修
        客：王芳，13800138000，成都市武侯区天府大道1号，去年5月买的，型号KFR-35GW
        客：2
        答：哪一项要改 … 1 产品 … 电话
        客：姓名
        答：怎么称呼
        客：王小芳
        答：请您核对 … 王小芳
        """
    )


def test_something_else_is_answered_than_was_asked(story: Story) -> None:
    story.play(
        """
        客：创维电视没声音，直接报修
        答：型号
        客：13900001111
        答：记下了：电话 … 型号
        客：成都市武侯区天府大道1号
        答：记下了：地址 … 型号
        客：不知道
        答：什么时候买
        客：我叫赵丽
        答：记下了：姓名 … 什么时候买
        """
    )


def test_a_further_fault_told_in_between_is_noted(story: Story) -> None:
    story.play(
        """
        客：美的空调不制冷，直接报修
        客：空调还漏水
        答：记下了：故障现象 … 型号
        客：跳过
        客：去年
        客：王芳，13800138000，成都市武侯区天府大道1号
        答：不制冷；空调还漏水
        """
    )


def test_the_device_was_another_one(story: Story) -> None:
    story.play("客：我家电视坏了\n答：具体是什么现象\n客：不对，是空调坏了，不制热\n答：空调不制热")


def test_a_number_with_a_digit_missing(story: Story) -> None:
    story.play(
        """
        客：格力空调不制热，直接报修
        客：跳过
        客：去年
        客：王芳
        客：1380013800
        答：11 位
        客：13800138000
        答：上门地址
        """
    )


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("明年5月", "还没到"),
        ("2031年", "还没到"),
        ("1975年", "太早"),
        ("1979年12月", "太早"),
    ],
)
def test_a_purchase_date_that_cannot_be(story: Story, said: str, answer: str) -> None:
    story.play(
        f"客：格力空调不制热，直接报修\n客：跳过\n客：{said}\n答：{answer}\n客：2024年3月\n答：怎么称呼"
    )


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("2023.5.1", "2023-05-01"),
        ("去年双十一", "2025-11-11"),
        ("前年", "2024"),
        ("才买半年", "2026-05"),
        ("三天前刚买的", "2026-11-20"),
        ("买了两年多了", "2024"),
        ("20240315", "2024-03-15"),
        ("去年五月份", "2025-05"),
    ],
)
def test_purchase_dates_as_people_say_them(story: Story, said: str, date: str) -> None:
    story.play(
        f"客：格力空调不制热，直接报修\n客：跳过\n客：{said}\n客：王芳，13800138000，成都市锦江区春熙路8号\n客：确认"
    )
    assert only(story)["purchase_date"] == date


def test_an_address_without_a_city_is_asked_for_it_once(story: Story) -> None:
    story.play(
        """
        客：格力空调不制热，直接报修
        客：跳过
        客：去年
        客：王芳，13800138000
        客：天府大道1号
        答：哪个城市
        客：成都市武侯区
        答：请您核对 … 成都市武侯区天府大道1号
        """
    )


def test_refusing_a_needed_fact_is_explained_and_then_respected(story: Story) -> None:
    story.play(
        """
        客：格力空调不制热，直接报修
        客：跳过
        客：去年
        客：王芳
        客：不想给电话
        答：理解您的顾虑 … 联系电话
        客：不方便
        答：上门地址
        """
    )


def test_a_wish_for_a_day_is_read_back_and_kept(story: Story) -> None:
    story.play(
        """
        客：美的空调不制冷，直接报修，希望周六上午上门
        客：王芳，13800138000，成都市武侯区天府大道1号，去年5月买的，型号KFR-35GW
        答：上门时间：周六上午
        客：1
        """
    )
    assert only(story)["wants"] == "周六上午"


def test_a_number_of_another_kind_is_no_purchase_date(story: Story) -> None:
    story.play(
        "客：格力空调不制热，直接报修\n客：跳过\n答：什么时候买\n客：13820201234\n答：记下了：电话 … 什么时候买"
        "\n客：2023\n答：怎么称呼"
    )
