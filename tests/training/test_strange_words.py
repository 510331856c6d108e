"""Codes, names and answers as people really type them: other dashes and digits, dots, gaps, emoji, right to left."""

import pytest
from sqlalchemy import update

from core.customer.model import Customer
from tests.training.conftest import School

WU = ("吴敏", "13800138001")


@pytest.mark.parametrize(
    "typed",
    ["PX–{d}", "px—{d}", "PX：{d}", "PX_{d}", "P X {d}", "PX - {d}", "PX号{d}", "编号 px#{d}，三个人", "P X {spaced}",
     "PX{arabic}", "ＰＸ－{wide}", "\u2067PX\u200b{d}\u2069", "我想报名，培训码是px{d}可以吗"],
)  # fmt: skip
def test_a_code_is_known_however_it_is_written(school: School, typed: str) -> None:
    training = school.plans()
    digits = training.code[2:]
    arabic, wide = ("".join(chr(zero + int(digit)) for digit in digits) for zero in (0x660, 0xFF10))
    said = school.says(typed.format(d=digits, spaced=" ".join(digits), arabic=arabic, wide=wide), who="wu")
    assert "教学屏使用" in said and "怎么称呼" in said


def test_a_number_beside_the_code_is_not_taken_for_a_part_of_it(school: School) -> None:
    training = school.plans()
    assert "教学屏使用" in school.says(f"{training.code} 2个人报名", who="wu")
    assert "教学屏使用" in school.says(f"{training.code} 13800138001", who="he")


@pytest.mark.parametrize("typed", ["取消报名{low}", "取消报名 {gap}", "{low}取消报名。"])
def test_a_seat_is_given_back_by_a_code_in_small_letters(school: School, typed: str) -> None:
    training = school.plans()
    school.registers(training, "wu", *WU)
    low = training.code.lower()
    assert "已取消报名" in school.says(typed.format(low=low, gap=f"px-{low[2:]}"), who="wu")
    assert school.states(training) == ["吴敏 cancelled"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("阿卜杜热合曼·买买提艾力", "阿卜杜热合曼·买买提艾力"), ("古丽•买买提", "古丽·买买提"), ("王　五", "王五"),
     ("我叫热依扎", "热依扎"), ("محمد علي", "محمد علي"), ("Иван", "Иван"), ("\u202e王\u200b小\u200d明", "王小明")],
)  # fmt: skip
def test_a_name_is_taken_as_its_owner_writes_it(school: School, typed: str, kept: str) -> None:
    training = school.plans()
    school.says(training.code, who="wu")
    assert "联系电话" in school.says(typed, who="wu")
    school.says("13800138001", who="wu")
    school.says("第一中学", who="wu")
    assert school.states(training) == [f"{kept} registered"]


@pytest.mark.parametrize("typed", ["😀", "\u200b\u200b", "…", "我叫什么", "12", "\u202e\u202c", "。。。"])
def test_what_is_no_name_is_asked_for_again(school: School, typed: str) -> None:
    training = school.plans()
    school.says(training.code, who="wu")
    assert "怎么称呼" in school.says(typed, who="wu")


def test_who_stops_registering_is_told_of_the_training_and_not_of_a_repair(school: School) -> None:
    training = school.plans()
    school.says(training.code, who="wu")
    said = school.says("取消", who="wu")
    assert "报名先不办了" in said and "报修" not in said and school.states(training) == []


def test_who_registers_is_not_asked_in_which_city_they_live(school: School) -> None:
    """Whose address on file names no city, and who tells one beside the code: no outlet is looked for."""
    training = school.plans()
    school.says("你好", who="wu")
    with school.house.database.session() as session:
        session.execute(update(Customer).values(address="人民路12号"))
        session.commit()
    assert "哪个城市" not in school.says(f"{training.code}，我在建设路小学8号楼", who="wu")
    for words in (*WU, "建设路小学"):
        assert "哪个城市" not in school.says(words, who="wu")
    assert school.states(training) == ["吴敏 registered"]
