"""First listen, then guide (A4): one round of self-help at most, and out of it at any moment."""

from tests.play import Story


def test_to_the_last_step_and_on_to_the_report(story: Story) -> None:
    story.play(
        "客：冰箱不制冷\n答：第 1 步（共 4 步）\n客：还是不行\n客：没用\n客：试过了，一样\n答：第 4 步\n客：2\n答：登记报修 … 品牌"
    )


def test_trying_takes_its_time(story: Story) -> None:
    story.play("客：冰箱不制冷\n客：好的，我试试\n答：您先试 … 1 解决了\n客：解决了，谢谢\n答：太好了")
    assert story.tickets()[0]["state"] == "closed"


def test_refused_at_once(story: Story) -> None:
    story.play("客：冰箱不制冷\n客：不想试，派人来\n答：品牌")


def test_the_form_is_answered_instead(story: Story) -> None:
    story.play("客：电视黑屏了\n客：我叫王芳，13800138000\n答：登记报修 … 品牌")


def test_a_person_in_the_middle_gets_what_was_told(story: Story) -> None:
    story.play(
        """
        客：空调不制冷
        客：转人工
        答：已为您转人工 … 手机号
        客：13812345678
        答：已补充完整
        客：对了我住成都市武侯区天府大道1号，我叫王强
        答：已补充到工单 … 姓名、地址
        推：转人工
        """
    )
    (ticket,) = story.tickets()
    assert (ticket["kind"], ticket["symptom"], ticket["name"]) == ("repair", "no_cooling", "王强")
    assert ticket["address"] == "成都市武侯区天府大道1号"


def test_how_to_is_answered_and_the_step_asked_again(story: Story) -> None:
    answer = story.says("空调不制冷")
    answer = story.says("空调滤网怎么清洗")
    assert "滤网" in answer and "1 解决了" in answer
    story.play("客：还是不行\n答：第 2 步")


def test_one_round_is_enough(story: Story) -> None:
    story.play(
        "客：空调不制冷\n客：直接报修\n答：品牌\n客：空调还漏水\n答：记下了 … 品牌\n客：空调有噪音\n答：品牌"
    )


def test_an_angry_report_is_still_a_report(story: Story) -> None:
    story.play("客：你们这什么破洗衣机！才买半年就漏水！赶紧派人来！！！\n答：品牌")


def test_no_article_no_detour(story: Story) -> None:
    story.play("客：微波炉不加热了\n答：品牌")


def test_an_unknown_appliance_and_brand(story: Story) -> None:
    story.play(
        """
        客：我要报修
        答：什么电器
        客：扫地机器人
        答：什么现象
        客：不充电了
        答：品牌
        客：云上牌
        答：型号
        客：不知道
        客：不知道
        客：不知道
        客：王芳 13800138000 成都市锦江区春熙路8号
        客：确认
        答：工单号
        """
    )
    (ticket,) = story.tickets()
    assert (ticket["category"], ticket["brand"]) == ("other", "云上")
