"""Side questions and wishes in the middle of a form: answered or put aside, and what was asked is asked again."""

import pytest

from tests.play import Story
from tests.training.conftest import School, school

__all__ = ["school"]

# Step → how the story gets there, and a piece of the question that must come again.
STEPS = {
    "fault": (["我要报修", "空调"], "现象"),
    "help": (["我家美的空调不制冷了"], "还是不行"),
    "purchase": (["我家美的空调不制冷了", "直接报修", "KFR-35GW"], "什么时候"),
    "name": (["我家美的空调不制冷了", "直接报修", "KFR-35GW", "去年5月买的"], "怎么称呼"),
    "phone": (["我家美的空调不制冷了", "直接报修", "KFR-35GW", "去年5月买的", "王芳"], "电话"),
    "address": (
        ["我家美的空调不制冷了", "直接报修", "KFR-35GW", "去年5月买的", "王芳", "13800138000"],
        "地址",
    ),
    "read back": (
        [
            "我家美的空调不制冷了",
            "直接报修",
            "KFR-35GW",
            "去年5月买的",
            "王芳",
            "13800138000",
            "成都市武侯区天府大道1号3栋201",
        ],
        "确认提交",
    ),
}
# What is asked in between → a piece of the answer to it.
ASIDES = {
    "我想报名培训": "培训报名我记下了",
    "有什么培训可以参加吗，想报名": "培训报名我记下了",
    "空调保修几年": "保修",
    "你们几点上班": "人工客服的时间",
    "微波炉怎么热鸡蛋": "已请同事解答",
    "热水器的镁棒怎么换": "出处：热水器说明书·保养",
    "教学屏怎么校准触摸": "出处：一体机说明书·触控",
    "查一下我的工单": "还没有",
    "你好": "您好",
    "谢谢": "不客气",
}


def at_step(story: Story, step: str) -> str:
    words, piece = STEPS[step]
    for text in words:
        answer = story.says(text)
    assert piece in answer, answer
    return piece


@pytest.mark.parametrize("aside", ASIDES)
@pytest.mark.parametrize("step", STEPS)
def test_an_aside_is_answered_and_the_question_comes_again(story: Story, step: str, aside: str) -> None:
    piece = at_step(story, step)
    answer = story.says(aside)
    assert ASIDES[aside] in answer, answer
    assert piece in answer, answer
    story.conserved()


def test_the_training_that_was_wanted_comes_after_the_report(school: School) -> None:
    training = school.plans()
    at_step(school, "phone")
    assert "培训报名我记下了" in school.says("我想报名培训")
    assert "地址" in school.says("13800138000")
    school.says("成都市武侯区天府大道1号3栋201")
    filed = school.says("1")
    assert "工单号" in filed and "您刚才说想报名培训" in filed and training.code in filed
    assert "第一中学" not in filed and "单位" in school.says("1")
    assert "报名成功" in school.says("第一中学")
    assert school.tickets()[0]["description"] == "我家美的空调不制冷了"
    school.conserved()


def test_the_wish_and_the_answer_in_one_message(story: Story) -> None:
    at_step(story, "phone")
    answer = story.says("13800138000，另外我想报名培训")
    assert "培训报名我记下了" in answer and "地址" in answer


def test_no_session_is_planned_and_that_is_said(story: Story) -> None:
    answer = story.says("我想报名培训")
    assert "目前没有可以直接报名的场次" in answer and "怎么称呼" in answer
    assert "正在为您登记培训" in (again := story.says("我想报名培训")) and "怎么称呼" in again


def test_a_code_in_the_middle_of_a_report(school: School) -> None:
    training = school.plans()
    at_step(school, "address")
    assert "教学屏使用" in school.says(training.code)
    answer = school.says("第一中学")
    assert "报名成功" in answer and "接着刚才的登记" in answer and "地址" in answer
    assert "请您核对" in school.says("成都市武侯区天府大道1号3栋201")
    assert "工单号" in school.says("1")
    school.conserved()


def test_a_report_put_aside_for_a_code_is_still_watched(school: School) -> None:
    training = school.plans()
    at_step(school, "phone")
    school.says(training.code)
    school.passes("45m")
    (told,) = [push for push in school.pushes() if "未完成报修" in push]
    assert "不制冷" in told


@pytest.mark.parametrize("place", ["成都市武侯区培训中心3楼", "成都市武侯区天府大道1号培训学校"])
def test_a_place_that_is_called_training_is_a_place(story: Story, place: str) -> None:
    at_step(story, "address")
    assert "请您核对" in story.says(place) and "培训报名" not in story.heard()


# Step of a registration → what is said before, and a piece of the question that must come again.
SEAT_STEPS = {
    "name": ([], "怎么称呼"),
    "phone": (["吴敏"], "手机"),
    "organisation": (["吴敏", "13800138001"], "单位"),
}


@pytest.mark.parametrize(
    ("aside", "piece"),
    [
        ("我想报名培训", "正在为您登记培训"),
        ("热水器的镁棒怎么换", "出处：热水器说明书·保养"),
        ("教学屏怎么校准触摸", "出处：一体机说明书·触控"),
        ("空调保修几年", "保修"),
        ("谢谢", "不客气"),
    ],
)
@pytest.mark.parametrize("step", SEAT_STEPS)
def test_an_aside_in_the_middle_of_a_registration(school: School, step: str, aside: str, piece: str) -> None:
    training = school.plans()
    words, question = SEAT_STEPS[step]
    answer = school.says(training.code, who="wu")
    for text in words:
        answer = school.says(text, who="wu")
    assert question in answer, answer
    said = school.says(aside, who="wu")
    assert piece in said and question in said, said
    for text in ["吴敏", "13800138001", "第一中学"][len(words) :]:
        answer = school.says(text, who="wu")
    assert "报名成功" in answer and school.states(training) == ["吴敏 registered"]
    school.conserved()
