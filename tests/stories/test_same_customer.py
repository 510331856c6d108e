"""Story 6: the same customer comes back, in every mood."""

from tests.play import REPORT, Story


def test_asks_where_things_stand(story: Story) -> None:
    story.play(REPORT)
    number = story.tickets()[0]["number"]
    story.play(f"客：我的报修到哪一步了\n答：{number} … 已登记")
    story.staff("dispatch", number)
    story.play("客：我的报修到哪一步了\n答：已派工")


def test_the_same_fault_again_joins_the_open_ticket(story: Story) -> None:
    story.play(REPORT)
    story.play("客：空调还是不制冷啊\n答：已有工单\n推：重复来电")
    assert len(story.tickets()) == 1


def test_an_emergency_is_advised_filed_and_pushed_at_once(story: Story) -> None:
    story.play("客：洗衣机漏电了\n答：安全第一 … 总电闸 … 紧急工单 … 手机号\n推：周客服 … 紧急")
    (ticket,) = story.tickets()
    assert (ticket["severity"], ticket["symptom"]) == ("urgent", "electric_shock")
    story.play("客：13800138000\n答：地址\n客：成都市武侯区天府大道1号\n答：已补充完整")
    (ticket,) = story.tickets()
    assert (ticket["phone"], ticket["address"]) == ("+8613800138000", "成都市武侯区天府大道1号")


def test_a_person_is_reached_from_anywhere(story: Story) -> None:
    for opening in ("转人工", "我家美的空调不制冷了", "你好", "我要报修", "我要投诉"):
        who = f"客户{opening}"
        story.says(opening, who=who)
        assert "已为您转人工" in story.says("转人工", who=who) or opening == "转人工"
    story.conserved()


def test_nonsense_is_helped_back(story: Story) -> None:
    story.play("客：asdkjh\n答：没听明白 … 1 报修\n客：qwe zxc\n答：0 马上为您转人工\n客：1\n答：什么电器")


def test_a_question_in_the_middle_is_answered_and_the_report_goes_on(story: Story) -> None:
    story.play(
        """
        客：格力空调不制热，直接报修
        答：型号
        客：空调保修几年？
        答：保修 72 个月 … 型号
        客：跳过
        答：什么时候买
        """
    )


def test_a_draft_is_offered_again_after_a_pause(story: Story) -> None:
    story.play("客：格力空调不制热，直接报修\n答：型号")
    story.passes("2h")
    story.play("客：在吗\n答：继续上次的报修 … 1 继续\n客：1\n答：型号")


def test_someone_elses_number_reveals_nothing(story: Story) -> None:
    story.play(REPORT)
    number = story.tickets()[0]["number"]
    answer = story.says(f"工单{number}到哪一步了", who="陌生人")
    assert "没有找到" in answer and "王芳" not in answer and "天府大道" not in answer
