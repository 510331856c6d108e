"""Other people, numbers, models and streets in a written sentence, so that no name is learnt by heart."""

import random
from typing import Callable, Dict

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

_SURNAMES = ("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
             "任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文")
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志红梅晓燕玲飞鹏辉波斌宇浩凯欣怡雨晨思佳琪子涵梓轩淑珍德福光荣"
_CITIES = {"成都市": "武侯区 锦江区 青羊区 金牛区 成华区 龙泉驿区 双流区 郫都区 高新区 温江区", "绵阳市": "涪城区 游仙区 江油市",
           "宜宾市": "翠屏区 兴文县", "泸州市": "江阳区 泸县", "南充市": "顺庆区 嘉陵区 蓬安县", "达州市": "通川区 开江县",
           "重庆市": "渝中区 江北区 沙坪坝区 南岸区", "乐山市": "市中区 峨眉山市", "自贡市": "自流井区 富顺县", "上海市": "浦东新区 徐汇区",
           "北京市": "朝阳区 海淀区", "广州市": "天河区 番禺区", "杭州市": "余杭区 西湖区", "西昌市": "", "巴中市": "巴州区 南江县"}
_ROADS = ("人民南路 建设路 解放街 滨江大道 幸福路 中山街 新华路 天府大道 二环路北一段 金牛大道 科华北路 双楠街 玉林西路 蜀汉路 府河街 "
          "红星路三段 长江大道西段 文林街 迎宾大道 公园路 学府路 桂花巷 和平街 光华大道").split()
_ESTATES = "万科城市花园 阳光花园 锦绣花园 龙湖三千里 保利公园 碧桂园 丽景苑 金科城 翡翠城 学府名苑 中海国际 恒大绿洲 春天花园 和平小区".split()


def refilled(example: Message, chance: random.Random) -> Message:
    """A copy whose names, numbers, models and addresses are perhaps other ones."""
    text, entities, shift = example.get(TEXT), [], 0
    for entity in sorted(example.get(ENTITIES) or [], key=lambda e: e["start"]):
        start, end = entity["start"] + shift, entity["end"] + shift
        make = _MAKERS.get(entity["entity"])
        value = make(chance, text[start:end]) if make and chance.random() < 0.6 else text[start:end]
        text = text[:start] + value + text[end:]
        shift += len(value) - (end - start)
        entities.append({**entity, "start": start, "end": start + len(value), "value": value})
    return Message({**example.data, TEXT: text, ENTITIES: entities})


def refillable(example: Message) -> bool:
    """Whether a sentence has names or numbers that could be other ones."""
    return any(entity["entity"] in _MAKERS for entity in example.get(ENTITIES) or [])


def _person(chance: random.Random, old: str) -> str:
    if old[-2:] in ("先生", "女士", "师傅", "老师", "小姐", "大爷", "阿姨", "经理"):
        return chance.choice(_SURNAMES) + old[-2:]
    if len(old) == 1:
        return chance.choice(_SURNAMES)
    return chance.choice(_SURNAMES) + "".join(chance.choice(_GIVEN) for _ in range(chance.choice([1, 2, 2])))


def _phone(chance: random.Random, old: str) -> str:
    if not old.isdigit() or len(old) != 11:
        return old
    return "1" + chance.choice("35789") + "".join(chance.choice("0123456789") for _ in range(9))


def _address(chance: random.Random, old: str) -> str:
    city = chance.choice(sorted(_CITIES))
    area = chance.choice(_CITIES[city].split() or [""])
    road = f"{chance.choice(_ROADS)}{chance.randint(1, 399)}号" if chance.random() < 0.6 else ""
    estate = chance.choice(_ESTATES) if not road or chance.random() < 0.5 else ""
    room = chance.choice(["", f"{chance.randint(1, 20)}栋{chance.randint(1, 4)}单元{chance.randint(1, 33)}0{chance.randint(1, 4)}",
                          f"{chance.randint(1, 20)}幢{chance.randint(1, 33)}楼", f"{chance.randint(1, 9)}-{chance.randint(1, 4)}-{chance.randint(101, 999)}"])
    city = chance.choice([city, city, city[:-1], ""]) if area else city
    return city + area + road + estate + room


def _model(chance: random.Random, old: str) -> str:
    """Digits and letters of the same shape."""
    swap = {"digit": "0123456789", "upper": "ABCDEFGHKLMNPQRSTWXYZ", "lower": "abcdefghkmnpqrstwxyz"}
    kind = lambda c: "digit" if c.isdigit() else "upper" if c.isupper() else "lower"  # noqa: E731
    return "".join(chance.choice(swap[kind(c)]) if c.isascii() and c.isalnum() and chance.random() < 0.5 else c
                   for c in old)


def _digits(chance: random.Random, old: str) -> str:
    return old[:6] + "".join(chance.choice("0123456789") if c.isdigit() else c for c in old[6:])


_MAKERS: Dict[str, Callable[[random.Random, str], str]] = {
    "person": _person, "phone": _phone, "address": _address, "model": _model, "ticket_no": _digits,
    "invoice_no": _digits,
}
