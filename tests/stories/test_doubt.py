"""A device named in words we do not understand is asked about, never turned away."""

from core.dialogue.meaning import Meaning
from tests.play import Story


def scripted(story: Story, text: str, intent: str) -> None:
    by_heart = story.understand
    story.understand = lambda said: Meaning(said, intent, 0.9) if said == text else by_heart(said)


def test_yes_makes_the_words_the_report(story: Story) -> None:
    scripted(story, "冰箱像是在发脾气", "out_of_scope")
    story.play(
        """
        客：冰箱像是在发脾气
        答：冰箱 … 是要报修吗 … 1 报修 … 0 转人工
        客：1
        答：品牌
        客：海尔的，王芳，13800138000，成都市武侯区天府大道1号，去年5月买的，型号BCD-216
        答：请您核对 … 发脾气
        客：确认
        答：工单号
        """
    )
    assert story.tickets()[0]["category"] == "refrigerator"


def test_no_leads_to_the_menu(story: Story) -> None:
    scripted(story, "冰箱像是在发脾气", "out_of_scope")
    story.play("客：冰箱像是在发脾气\n答：是要报修吗\n客：2\n答：1 报修 … 2 查进度")


def test_trouble_that_goes_on_is_not_answered_with_fine(story: Story) -> None:
    story.says("你好")
    assert "好的。还有需要" not in story.says("还是不行")
