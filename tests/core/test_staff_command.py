"""Reading what staff type: forgiving about form, strict about meaning."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.staff.command import WORDS, Command, is_command, read
from core.staff.when import read_when

N = "2611220001"
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("typed", "verb", "rest"),
    [
        (f"#{N} 接单", "accept", ""),
        ("＃２６１１２２０００１　接单", "accept", ""),
        (f"#{N}接单", "accept", ""),
        (f"{N} 接单。", "accept", ""),
        (f"# {N}，接单", "accept", ""),
        (f"接单 #{N}", "accept", ""),
        (f"#{N} ACCEPT", "accept", ""),
        (f"#{N} 转上级", "hand_up", ""),
        (f"#{N} escalate", "hand_up", ""),
        (f"#{N} 30分钟后", "later", ""),
        (f"#{N} ３０分钟后", "later", ""),
        (f"#{N} 派工", "dispatch", ""),
        (f"#{N} 派工 12", "dispatch", "12"),
        (f"#{N} 派工12", "dispatch", "12"),
        (f"#{N} 预约 11-28 14:00", "appoint", "11-28 14:00"),
        (f"#{N} 预约11-28 14:00", "appoint", "11-28 14:00"),
        (f"#{N} 改约 明天下午2点", "appoint", "明天下午2点"),
        (f"#{N} 到场", "arrive", ""),
        (f"#{N} 等件：压缩机", "wait_parts", "压缩机"),
        (f"#{N} 送修", "to_centre", ""),
        (f"#{N} 完成 换了电容，客户满意", "done", "换了电容，客户满意"),
        (f"#{N} 完成了", "done", ""),
        (f"#{N} done replaced the motor", "done", "replaced the motor"),
        (f"#{N} 改派 李工", "assign", "李工"),
        (f"#{N} 改派李工", "assign", "李工"),
        (f"#{N} 签收", "sign", ""),
        (f"#{N} 取消 客户不修了", "cancel", "客户不修了"),
        (f"#{N} 关闭", "close", ""),
        (f"#{N} 报价 280", "quote", "280"),
        (f"#{N} 报价280元", "quote", "280元"),
        (f"#{N}", "show", ""),
        (f"＃{N} ", "show", ""),
    ],
)
def test_orders(typed: str, verb: str, rest: str) -> None:
    assert read(typed) == Command(verb, N, rest)


@pytest.mark.parametrize(
    "typed",
    [
        f"#{N} 完成不了",
        f"#{N} 完成了吗",
        f"#{N} 完成？",
        f"#{N} 没完成",
        f"#{N} 接不了",
        f"#{N} 不接单",
        f"#{N} 约不上客户",
        f"#{N} 取消不取消再说",
        f"#{N} 到场 完成",
        f"#{N} #2611220002 接单",
        f"#{N} 好的",
        f"接单吗 {N}",
        f"#{N} acceptance",
        f"#{N} doner",
    ],
)
def test_what_is_not_clear_is_not_guessed(typed: str) -> None:
    assert read(typed) == Command("unclear", N)


@pytest.mark.parametrize(
    "typed", ["接单", "#261122 接单", f"#{N}00000000 接单", "你好", "", "😀", "#", "1", "\x00\u200b"]
)
def test_without_a_number_there_is_no_order(typed: str) -> None:
    assert read(typed) == Command("unclear")


@pytest.mark.parametrize(
    ("typed", "verb"), [("帮助", "help"), ("HELP", "help"), ("＃帮助", "help"), ("我的工单。", "mine")]
)
def test_keywords(typed: str, verb: str) -> None:
    assert read(typed) == Command(verb) and is_command(typed)


def test_languages() -> None:
    assert read("English") == Command("language", rest="en") and read("#中文") == Command(
        "language", rest="zh"
    )
    assert not is_command("english") and is_command("#english")  # customers change theirs by the same words


def test_a_customers_words_are_no_command() -> None:
    assert is_command("#") and is_command("＃2611220001") and not is_command("空调不制冷")
    assert not is_command("我的工单到哪了") and not is_command(f"工单{N}")


def test_no_word_stands_for_two_verbs() -> None:
    words = [word for each in WORDS.values() for word in each]
    assert len(words) == len(set(words)) and all(word == word.lower() for word in words)


@pytest.mark.parametrize(
    ("typed", "when", "rest"),
    [
        ("11-28 14:00", "2026-11-28T14:00", ""),
        ("11/28 14:00 带配件", "2026-11-28T14:00", "带配件"),
        ("2026-11-28 14:00", "2026-11-28T14:00", ""),
        ("11月28日 14:00", "2026-11-28T14:00", ""),
        ("11月28号14点半", "2026-11-28T14:30", ""),
        ("11月28日下午2点半", "2026-11-28T14:30", ""),
        ("明天 9:00", "2026-11-27T09:00", ""),
        ("后天上午9点", "2026-11-28T09:00", ""),
        ("今天中午12点", "2026-11-26T12:00", ""),
        ("tomorrow 2pm", "2026-11-27T14:00", ""),
        ("01-05 10:00", "2027-01-05T10:00", ""),
    ],
)
def test_when(typed: str, when: str, rest: str) -> None:
    found, left = read_when(typed, NOW)
    assert found is not None and (found.isoformat()[:16], left) == (when, rest)


@pytest.mark.parametrize(
    ("now", "typed", "when"),
    [
        ("2027-12-15T10:00", "02-29 14:00", "2028-02-29T14:00"),  # this year has none
        ("2028-02-29T10:00", "2月29日14点", "2028-02-29T14:00"),
        ("2026-12-31T23:59", "01-01 9:00", "2027-01-01T09:00"),
        ("2027-02-28T16:00", "02-29 14:00", None),
    ],
)
def test_a_day_that_only_the_next_year_has(now: str, typed: str, when: str | None) -> None:
    found, _ = read_when(typed, datetime.fromisoformat(now))
    assert (found and found.isoformat()[:16]) == when


@pytest.mark.parametrize(
    "typed",
    [
        "11-28",
        "11-28 14",
        "11-28 2点",  # in the night?
        "11-28 2:00",
        "11-28 晚上12点",
        "11-28 25:00",
        "11-28 14:61",
        "13-01 10:00",
        "02-30 10:00",
        "今天 9:00",  # over
        "11-20 14:00",  # over
        "2025-11-28 14:00",
        "2027-11-28 14:00",  # nobody plans a year ahead
        "周六",
        "明天",
        "14:00",
        "",
    ],
)
def test_a_time_that_is_not_clear_is_asked_for(typed: str) -> None:
    assert read_when(typed, NOW)[0] is None
