"""Long texts in pieces: within the limit, whole characters, nothing lost but white space at the cuts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messaging.split import LEAST, split, utf8_bytes, utf16_units

COUNTS = [len, utf8_bytes, utf16_units]
texts = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("。，！？ \n.,;:12a修好𠮷😀👍🏽\u200d\u0301🇨🇳”）"))
)


@pytest.mark.parametrize("count", COUNTS)
@given(text=texts, limit=st.integers(LEAST, 40))
def test_pieces_fit_and_lose_only_white_space_at_cuts(count, text, limit):
    pieces = split(text, limit, count)
    assert all(count(piece) <= limit and piece.strip() for piece in pieces)
    rest = text
    for piece in pieces:
        before, found, rest = rest.partition(piece)
        assert found and not before.strip()
    assert not rest.strip()


@given(text=texts)
def test_what_fits_is_left_as_it_is(text):
    assert split(text, max(len(text), LEAST)) == ([text] if text.strip() else [])


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("空调坏了。请尽快派人来。谢谢", 8, ["空调坏了。", "请尽快派人来。", "谢谢"]),
        ("他说“可以。”然后走了", 7, ["他说“可以。”", "然后走了"]),
        ("先断电，再打开面板检查滤网", 8, ["先断电，", "再打开面板检查滤", "网"]),
        ("Costs 3.50 yuan. Call us.", 18, ["Costs 3.50 yuan.", "Call us."]),
        ("see https://a.cn/?q=1.2,3 now", 26, ["see https://a.cn/?q=1.2,3", "now"]),
        ("第一行\n第二行\n第三行", 8, ["第一行\n第二行", "第三行"]),
        ("13800138000", 6, ["138001", "38000"]),
        ("   ", 10, []),
        (" " * 30 + "好", 10, ["好"]),
    ],
)
def test_cuts_are_where_a_reader_would_pause(text, limit, pieces):
    assert split(text, limit) == pieces


def test_bytes_and_utf16_units_are_counted_as_providers_do():
    assert (utf8_bytes("修𠮷"), utf16_units("修𠮷")) == (7, 3)
    assert split("修" * 5, 6, utf8_bytes) == ["修修", "修修", "修"]
    assert split("😀" * 5, 5, utf16_units) == ["😀😀", "😀😀", "😀"]


@pytest.mark.parametrize("sign", ["👨‍👩‍👧", "👍🏽", "e\u0301", "🇨🇳", "☎\ufe0f"])
def test_a_sign_of_several_characters_stays_whole(sign):
    pieces = split("ab" + sign * 9, len(sign) * 2 + 1)
    assert "".join(pieces) == "ab" + sign * 9
    assert all(piece.removeprefix("ab").replace(sign, "") == "" for piece in pieces)


def test_a_sign_larger_than_the_limit_is_cut_all_the_same():
    assert "".join(split("e" + "\u0301" * 50, 10)) == "e" + "\u0301" * 50


def test_a_limit_that_no_character_fits_is_refused():
    with pytest.raises(ValueError, match="below"):
        split("好", 3, utf8_bytes)


def test_a_very_long_text_takes_no_time():
    assert len(split("一二三四五六七八九。" * 20_000, 2048, utf8_bytes)) > 290
