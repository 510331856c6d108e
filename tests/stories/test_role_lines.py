"""转售前 in chat: told whom and what number, and the report goes on."""

import pytest

from tests.edited import edit_policy
from tests.play import Story


@pytest.fixture
def numbers(story: Story) -> None:
    lines = {"pre_sales": {"extension": "8001", "number": "+8613911118001", "words": ["售前"]}}
    edit_policy(story.house, "role_lines", **lines)


@pytest.mark.usefixtures("numbers")
def test_a_line_with_a_number(story: Story) -> None:
    story.play("客：转售前\n答：售前咨询由专人负责，电话：+8613911118001 … 回复 0")
    assert story.tickets() == []


def test_lines_that_the_desk_takes(story: Story) -> None:
    story.play(
        "客：送货电话是多少\n答：送货安装由值班客服负责 … 8002\n客：监督举报\n答：监督举报由值班客服负责 … 8003"
    )
    assert story.tickets() == []


def test_a_complaint_stays_a_complaint(story: Story) -> None:
    story.play("客：送货的人把冰箱碰坏了，我要投诉\n答：抱歉")
