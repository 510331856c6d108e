"""Danger words: advice first, an urgent ticket, a push; and no false alarm (A6)."""

import pytest

from tests.play import Story


@pytest.mark.parametrize(
    ("said", "advice", "symptom"),
    [
        ("洗衣机漏电了", "总电闸", "electric_shock"),
        ("空调冒烟了怎么办", "不要用水泼", "fire_smoke"),
        ("热水器有燃气味", "关闭燃气阀门", "gas_smell"),
        ("摸到冰箱被电了一下", "总电闸", "electric_shock"),
    ],
)
def test_advice_comes_first(story: Story, said: str, advice: str, symptom: str) -> None:
    story.play(f"客：{said}\n答：安全第一 … {advice} … 紧急工单 … 手机号\n推：周客服 … 紧急")
    (ticket,) = story.tickets()
    assert (ticket["severity"], ticket["symptom"]) == ("urgent", symptom)


def test_in_the_middle_of_a_report_nothing_told_is_lost(story: Story) -> None:
    story.play(
        """
        客：格力空调不制热，直接报修
        客：我叫王芳，13800138000
        客：哎呀空调冒烟了
        答：安全第一 … 紧急工单 … 您的地址
        推：紧急 … 王芳 +8613800138000
        客：成都市武侯区天府大道1号
        答：已补充完整
        """
    )
    (ticket,) = story.tickets()
    assert (ticket["brand"], ticket["name"], ticket["severity"]) == ("格力", "王芳", "urgent")


def test_told_again_it_joins(story: Story) -> None:
    story.play("客：空调冒烟了\n客：13800138000\n客：成都市武侯区天府大道1号\n客：又冒烟了\n答：安全第一")
    assert len(story.tickets()) == 1
    assert sum("【紧急】" in push for push in story.pushes()) == 2


def test_denied_it_is_no_emergency(story: Story) -> None:
    story.play("客：洗衣机没有漏电，就是不转\n答：第 1 步")
    assert story.tickets() == []


def test_no_self_help_even_when_asked_how(story: Story) -> None:
    answer = story.says("电视着火了，怎么办")
    assert "第 1 步" not in answer and "119" in answer


def test_in_english(story: Story) -> None:
    story.play("客：Help, my washing machine is smoking!\n答：SAFETY FIRST … 119\n推：紧急")
