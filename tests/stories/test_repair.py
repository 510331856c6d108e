"""Stories 1–5 of the front door: a repair told in Chinese from first word to last rating."""

from tests.play import REPORT, Story


def filed(story: Story) -> str:
    story.play(REPORT)
    return story.tickets()[0]["number"]


def test_a_repair_from_first_word_to_ticket(story: Story) -> None:
    story.play(
        """
        客：我家美的空调不制冷了
        答：售后服务中心 … 第 1 步 … 1 解决了 … 2 还是不行 … 0 转人工
        客：2
        答：第 2 步
        客：还是不行
        客：还是不行
        客：还是不行
        答：型号
        客：我叫王芳，电话13800138000，住成都市武侯区天府大道1号3栋201
        答：记下了 … 型号
        客：不知道
        答：什么时候买
        客：去年五月
        答：请您核对 … 王芳 … 13800138000 … 天府大道1号3栋201
        客：不对，电话是13911112222
        答：已改：电话 … 13911112222
        客：确认
        答：工单号 … 成都市武侯区 … 保修期内
        推：新工单 … 13911112222
        """
    )
    (ticket,) = story.tickets()
    assert ticket["kind"] == "repair" and ticket["state"] == "filed"
    assert (ticket["category"], ticket["brand"], ticket["symptom"]) == (
        "air_conditioner",
        "美的",
        "no_cooling",
    )
    assert (ticket["name"], ticket["phone"]) == ("王芳", "+8613911112222")
    assert ticket["purchase_date"] == "2025-05" and ticket["warranty"] == "in"
    assert ticket["outlet"] in ("成都正宏精工机电设备有限公司", "成都TCL电器销售有限公司")


def test_self_help_that_helps_is_a_closed_consultation(story: Story) -> None:
    story.play(
        """
        客：我家美的空调不制冷了
        客：1
        答：太好了
        """
    )
    (ticket,) = story.tickets()
    assert (ticket["kind"], ticket["state"]) == ("consultation", "closed")


def test_out_of_warranty_is_dispatched_only_after_consent(story: Story) -> None:
    story.play(
        """
        客：海尔洗衣机不脱水了，直接报修
        客：我叫王芳，电话13800138000，住成都市武侯区天府大道1号，2015年买的
        客：跳过
        答：请您核对
        客：确认
        答：已经过保 … 预计合计 … 1 同意 … 2 不同意
        """
    )
    number = story.tickets()[0]["number"]
    assert story.tickets()[0]["warranty"] == "out"
    try:
        story.staff("dispatch", number)
    except Exception as refused:
        assert type(refused).__name__ == "ConsentNeeded"
    else:
        raise AssertionError("dispatched without consent")
    story.play("客：同意\n答：已记录您同意费用\n推：同意费用")
    story.staff("dispatch", number)
    assert story.tickets()[0]["state"] == "dispatched"


def test_the_customer_hears_of_every_step(story: Story) -> None:
    number = filed(story)
    for verb, words in (
        ("accept", "已受理"),
        ("dispatch", "已派给"),
        ("arrive", "到达现场"),
        ("done", "修好了吗"),
    ):
        story.staff(verb, number)
        assert words in story.heard(), verb


def test_a_day_later_the_follow_up_comes_and_five_closes(story: Story) -> None:
    number = filed(story)
    story.staff("done", number)
    story.passes("25h")
    assert "回访" in story.heard() and "5 非常满意" in story.heard()
    story.play("客：5\n答：谢谢您的 5 分")
    ticket = story.tickets()[0]
    assert (ticket["state"], ticket["rating"]) == ("closed", 5)


def test_a_bad_rating_reopens_and_pushes_the_head(story: Story) -> None:
    number = filed(story)
    story.staff("done", number)
    story.passes("25h")
    story.play("客：2\n答：重新打开\n推：赵经理 … 不满意\n客：师傅态度不好，拖了三天\n答：已记在工单上")
    ticket = story.tickets()[0]
    assert (ticket["state"], ticket["rating"]) == ("filed", 2)
    assert len(story.tickets()) == 1
