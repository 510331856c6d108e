"""Numbers and models that have a shape of their own, and what stands beside them."""

import pytest

from nlu.rasa.language.normalise import normalise
from nlu.rasa.language.patterns import find_shapes

SHAPES = {
    "工单GD-5521咋样了": ("gd-5521", "ticket_no"),
    "单号：BX20250311007": ("bx20250311007", "ticket_no"),
    "报修单 WX0811-03 还没人来": ("wx0811-03", "ticket_no"),
    "编号是A30417": ("a30417", "ticket_no"),
    "FW20250102这张工单取消": ("fw20250102", "ticket_no"),
    "订单号TB88231100467": ("tb88231100467", "invoice_no"),
    "合同编号HT2025-031": ("ht2025-031", "invoice_no"),
    "小票No.0093812": ("0093812", "invoice_no"),
    "下单用的13900139000": ("13900139000", "phone"),
    "打印机L4168一台": ("l4168", "model"),
    "（L4168）卡纸": ("l4168", "model"),
    "KFR-26GW/(26592)FNhAa-3不冷": ("kfr-26gw/(26592)fnhaa-3", "model"),
    "HP LaserJet 1108没反应": ("laserjet 1108", "model"),
    "Smart Tank 725不出墨": ("smart tank 725", "model"),
    "matebook d16蓝屏": ("matebook d16", "model"),
    "brother dcp 7080卡纸": ("dcp 7080", "model"),
    "这单E203报错": ("e203", "error_code"),
    "hp windows 11": ("11", "number"),
    "幺三九零零幺三九零零零": ("13900139000", "phone"),
}


@pytest.mark.parametrize(("text", "expected"), SHAPES.items())
def test_a_shape_and_its_name(text: str, expected: tuple[str, str]) -> None:
    plain = normalise(text).text
    assert [(plain[h.start : h.end], h.kind) for h in find_shapes(plain)] == [expected]
