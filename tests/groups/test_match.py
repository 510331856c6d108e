"""Whose account it is that stands in a group: by their own way, by a known account, by a name only where one has it."""

from datetime import UTC, datetime

import pytest

from core.groups.match import Known, Matched, Seen, match

NAMES = (("吴敏", 1), ("何 军", 2), ("王芳", 3), ("王芳", 4))
KNOWN = Known("QAGROUP", {"QAWU": 1, "QAHE": 2}, {"known": 2, "other": None}, NAMES)


def seen(external_id: str, *names: str, state: str | None = "QAGROUP") -> Seen:
    return Seen(external_id, names, state, datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("who", "found"),
    [
        (seen("new", "随便", state="QAWU"), Matched(1, "own_way")),
        (seen("new", "何军"), Matched(2, "name")),
        (seen("new", "二班吴老师", "吴敏"), Matched(1, "name")),
        (seen("known", "吴敏", state="QAWU"), Matched(2, "account")),  # the way was handed on
        (seen("other", "吴敏", state="QAWU"), None),  # somebody known, and no trainee of this session
        (seen("new", "王芳"), None),  # two are called so: a person decides
        (seen("new", "吴敏", "何军"), None),
        (seen("new", "吴敏", state=None), None),  # brought in by another member
        (seen("new", "吴敏", state="QAOTHER"), None),
        (seen("new", "张三"), None),
        (seen("new"), None),
    ],
)
def test_who_it_is(who: Seen, found: Matched | None) -> None:
    assert match(who, KNOWN) == found
