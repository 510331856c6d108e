"""After the ticket is filed: progress, more facts, another day, another device, never mind (A7, A11, B3, B5)."""

from tests.play import REPORT, Story

OUT = """
客：海尔洗衣机不脱水了，直接报修
客：我叫王芳，电话13800138000，住成都市武侯区天府大道1号，2015年买的
客：跳过
客：确认
答：已经过保 … 预计合计 … 1 同意
"""


def test_more_facts_go_on_the_ticket(story: Story) -> None:
    story.play(REPORT)
    story.play("客：电话错了，应该是13911112222\n答：已补充到工单 … 电话\n推：补充信息")
    story.play("客：地址不对\n答：上门地址\n客：成都市锦江区春熙路8号\n答：已补充到工单 … 地址 … 锦江区")
    (ticket,) = story.tickets()
    assert (ticket["phone"], ticket["address"]) == ("+8613911112222", "成都市锦江区春熙路8号")
    assert ticket["outlet"] == "成都兰阳贸易有限公司"


def test_a_second_device_of_the_same_kind_is_a_second_ticket(story: Story) -> None:
    story.play(REPORT)
    story.play(
        """
        客：我家海尔空调也不制冷了
        答：第 1 步
        客：直接报修
        答：型号
        客：不知道
        客：2024年5月
        答：请您核对 … 海尔 … 王芳 … 13800138000
        客：1
        答：工单号
        客：查进度
        答：海尔空调 … 美的空调
        """
    )
    assert len(story.tickets()) == 2


def test_joined_by_mistake_then_told_apart(story: Story) -> None:
    story.play(REPORT)
    story.play("客：空调又不制冷了\n答：已有工单\n客：不是这台，是另一台格力的\n答：型号")


def test_the_same_device_in_other_words_joins(story: Story) -> None:
    story.play(REPORT)
    story.play("客：我的美的空调还是不凉快，吹的是热风\n答：已有工单\n推：重复来电")
    assert len(story.tickets()) == 1


def test_done_but_broken_again_goes_back_to_work(story: Story) -> None:
    story.play(REPORT)
    number = story.tickets()[0]["number"]
    story.staff("done", number)
    story.play("客：空调又不制冷了\n答：没有一次修好 … 重新打开\n推：赵经理 … 不满意")


def test_greeted_by_name_and_offered_the_device_on_file(story: Story) -> None:
    story.play(REPORT)
    story.play("客：你好\n答：王芳，您好 … 已登记")
    story.play("客：我要报修\n答：哪一台 … 1 美的空调 KFR-35GW … 2 其他电器\n客：2\n答：什么电器")
    story.play(
        "客：海信电视没声音，直接报修\n答：型号\n客：跳过\n答：什么时候买\n客：去年\n答：请您核对 … 王芳 … 13800138000"
    )


def test_cancelling_a_draft_and_a_ticket(story: Story) -> None:
    story.play("客：美的空调不制冷，直接报修\n客：算了\n答：没有提交任何内容")
    assert story.tickets() == []
    story.play(REPORT)
    story.play(
        "客：取消报修\n答：确定要取消 … 1 确认取消\n客：不取消\n答：保留\n客：取消\n客：1\n答：已取消\n推：已取消"
    )
    assert story.tickets()[0]["state"] == "cancelled"
    story.play("客：取消报修\n答：没有可以取消的工单")


def test_too_late_to_cancel(story: Story) -> None:
    story.play(REPORT)
    story.staff("done", story.tickets()[0]["number"])
    story.play("客：取消报修\n答：已完成 … 不能取消")


def test_which_of_two_to_cancel(story: Story) -> None:
    story.play(REPORT)
    story.play("客：海信电视没声音，直接报修\n客：跳过\n客：去年\n客：1\n答：工单号")
    numbers = [t["number"] for t in story.tickets()]
    story.play(
        f"客：取消报修\n答：{numbers[0]} … 发送“取消”加工单号\n客：取消{numbers[1]}\n答：{numbers[1]} … 1 确认取消\n客：1\n答：已取消"
    )
    assert [t["state"] for t in story.tickets()] == ["filed", "cancelled"]


def test_another_time_and_hurrying(story: Story) -> None:
    story.play(REPORT)
    story.play("客：师傅什么时候来\n答：已为您催办\n推：催办")
    story.staff("dispatch", story.tickets()[0]["number"])
    story.play("客：改到周日下午\n答：已记在工单\n推：改约 … 周日下午")
    story.play("客：我想改时间\n答：改到什么时候\n客：下周一上午9点\n答：已记在工单")


def test_past_the_promised_time_the_truth_is_told(story: Story) -> None:
    story.play(REPORT)
    story.passes("9h")
    story.play("客：我的报修到哪一步了\n答：已超过承诺的时间 … 催单\n客：催单\n答：已经超过了我们承诺的时间")


def test_the_price_is_asked_about_before_it_is_answered(story: Story) -> None:
    story.play(OUT)
    story.play(
        """
        客：为什么要收这么多钱
        答：过保参考 … 1 同意
        客：我再想想
        答：不着急 … 同意
        客：查进度
        答：正在等您同意费用
        客：太贵了，不修
        答：不会派师傅，也不收费
        推：不同意费用
        客：查进度
        答：您暂时没有同意费用
        客：想了想，还是同意吧
        答：已记录您同意费用
        推：同意费用
        """
    )
    assert story.tickets()[0]["fee_consent"] == "given"


def test_damage_by_the_customer_is_charged_and_said_why(story: Story) -> None:
    story.play(
        """
        客：电视屏幕被小孩砸碎了，创维的，去年买的，直接报修
        客：不知道
        客：李雷，13666666666，成都市锦江区春熙路8号
        客：对
        答：人为损坏 … 1 同意
        客：2
        答：不会派师傅
        """
    )


def test_an_unknown_purchase_date_asks_for_the_invoice(story: Story) -> None:
    story.play(
        """
        客：海尔洗衣机不脱水了，直接报修
        客：不知道
        客：记不得了
        答：发票号或订单号
        客：发票号是 A12345678
        答：怎么称呼
        客：王芳，13800138000，成都市武侯区天府大道1号
        客：对
        答：请出示发票或订单
        """
    )
    assert story.tickets()[0]["warranty"] == "unknown"


def test_the_last_day_of_the_warranty(story: Story) -> None:
    for who, bought, answer in (("甲", "2025年11月23日", "保修期内"), ("乙", "2025年11月22日", "已经过保")):
        story.play(
            f"客：海尔洗衣机不脱水了，直接报修\n客：跳过\n客：{bought}买的\n"
            f"客：王芳，13800138000，成都市武侯区天府大道1号\n客：对\n答：{answer}",
            who=who,
        )


def test_outside_every_province_and_in_a_county_without_an_outlet(story: Story) -> None:
    for who, address, answer in (
        ("甲", "北京市朝阳区建国路88号", "暂时没有我们的服务网点"),
        ("乙", "四川省成都市金堂县赵镇1号", "与您同城"),
        ("丙", "四川省德阳市旌阳区长江路1号", "与您同城"),
    ):
        story.play(
            f"客：海尔洗衣机不脱水了，直接报修\n客：跳过\n客：去年底买的\n客：王芳，13800138000，{address}\n客：对\n答：{answer}",
            who=who,
        )


def test_returned_goods_are_a_ticket_of_their_own_kind(story: Story) -> None:
    story.play(
        """
        客：海尔冰箱刚买三天就不制冷，我要换货
        答：发票号或订单号
        客：订单号 T20261120888
        答：怎么称呼
        客：王芳，13800138000，成都市武侯区天府大道1号
        答：退换 … 您的要求：换货
        客：1
        答：退换货申请已登记
        """
    )
    (ticket,) = story.tickets()
    assert (ticket["kind"], ticket["wants"], ticket["purchase_date"]) == ("return", "换货", "2026-11-20")


def test_a_repair_that_turns_into_a_return_keeps_what_was_told(story: Story) -> None:
    story.play(
        """
        客：海尔冰箱不制冷，直接报修
        答：型号
        客：算了我不修了我要退货
        答：什么时候买
        """
    )


def test_a_greeting_is_no_consent(story: Story) -> None:
    story.play(OUT)
    for said in ("你好", "好贵啊", "在吗", "好的话能便宜点吗", "谢谢", "可以便宜点吗"):
        story.says(said)
        assert story.tickets()[0]["fee_consent"] == "asked", said
    story.play("客：好的，派师傅吧\n答：已记录您同意费用")


def test_what_was_wrong_is_put_right_at_the_read_back(story: Story) -> None:
    story.play(
        """
        客：美的空调不制冷，2015年买的，直接报修
        客：我去看看型号
        答：不着急
        客：KFR-35GW
        客：王芳 13800138000 成都市武侯区天府大道1号
        客：买的时间不对，是2024年买的
        答：购买时间：2024
        客：不是不制冷，是漏水
        答：故障：漏水
        """
    )
