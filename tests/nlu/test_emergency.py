"""Danger words raise, and nothing else does."""

from pathlib import Path

import pytest

from nlu.emergency import emergency

TOLD = [
    line.split(" = ")
    for line in Path(__file__).with_name("dangers.txt").read_text(encoding="utf-8").splitlines()
    if line[:1] != "#"
]

RAISED = {
    "electric_shock": [
        "漏电了",
        "洗衣机漏電",
        "冰箱楼电",
        "遭电了",
        "碰到门把手麻了一下",
        "热水器洗澡水带电",
        "有人触电",
        "不是跳闸，是漏电",
        "没有冒烟但是漏电",
        "去年漏电修好了，今天又漏电了",
        "试电笔碰外壳会亮",
        "是不是漏电了",
        "怕是漏电哦",
        "漏 电",
        "洗衣机外壳摸着刺刺的",
        "洗碗的时候水像针扎一样",
        "冰箱把手上有电",
        "I got shocked by the washer",
    ],
    "fire_smoke": [
        "空调冒烟了",
        "電視起火",
        "外机冒眼了",
        "着火了🔥",
        "插座冒火花",
        "路由器冒青烟",
        "烤箱着了，灭不掉",
        "ＴＶ着火",
        "插座里头一团火",
        "There is smoke coming out of the fridge",
    ],
    "gas_smell": [
        "闻到煤气味",
        "燃气泄漏",
        "一氧化碳报警器响了",
        "CO报警",
        "瓦斯味好重",
        "天燃气漏了",
        "洗澡洗得头晕，热水器就装在浴室",
        "I smell gas",
    ],
    "water_leak": [
        "水管爆了",
        "净水器爆管，厨房淹了",
        "家里被淹了",
        "水止不住，一直往外喷",
        "水管断了，家里水都没过脚踝了",
        "净水器那根管飞了，水喷得一人多高",
    ],
}
SILENT = [
    "没有漏电",
    "不漏电，就是不制热",
    "怎么防止漏电",
    "漏电保护器怎么装",
    "漏电保护器跳了",
    "会不会漏电啊",
    "热得要着火了",
    "价格吓死人",
    "火大",
    "气得冒烟",
    "急得我嗓子冒烟",
    "生意火爆",
    "像触电一样激动",
    "打不着火",
    "热水器点火失败",
    "打火机没气",
    "火锅店的冰柜不冷",
    "油烟机排烟不好",
    "空调漏水",
    "洗衣机漏水",
    "手机没电",
    "充电到一半",
    "电话打不通",
    "麻烦师傅快来",
    "打手机",
    "麻将机坏了",
    "电费太高",
    "停电到晚上",
    "去年着过火已经修好了",
    "上次漏电修好了，现在想问发票",
    "听说隔壁小区着火了",
    "万一漏电怎么办",
    "冰箱门封漏气",
    "有焦味，没看见烟",
    "一开空调就跳闸",
    "洗衣机脱水声音大",
    "没闻到煤气味",
    "热水器出来的水有股臭鸡蛋味",
    "门锁按一下才弹开",
    "屏上黑麻麻的看不清",
    "灶打不着，看不到火苗",
    "压力锅上盖漏气",
    "no smoke, it just does not cool",
    "洗衣机漏水漏得厉害，阳台都是水",
    "",
    "   ",
    "🙂",
]


@pytest.mark.parametrize(("symptom", "text"), [(s, t) for s, texts in RAISED.items() for t in texts])
def test_danger_is_raised(symptom: str, text: str) -> None:
    assert emergency(text) == symptom


@pytest.mark.parametrize("text", SILENT)
def test_no_danger_is_not(text: str) -> None:
    assert emergency(text) is None


@pytest.mark.parametrize(("symptom", "text"), TOLD)
def test_indirect_misheard_denied_and_figurative(symptom: str, text: str) -> None:
    assert str(emergency(text)).lower() == symptom


def test_a_long_text_is_judged_quickly() -> None:
    import time

    started = time.thread_time()  # a busy neighbour is no fault of ours
    emergency("我家的空调不制冷了，昨天开始的，师傅快点来吧" * 25)
    assert time.thread_time() - started < 0.1
