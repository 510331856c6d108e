"""转售前: whom to turn to for what is not after-sales, and how (A9)."""

import re

from core.dialogue.talk import Talk
from core.service.role_lines import asked_for, role_lines

_PERSON = re.compile(r"人工|真人|客服|human|agent", re.IGNORECASE)


def wanted(talk: Talk) -> bool:
    """Whether a line of the house is asked for, and was told."""
    found = asked_for(role_lines(talk.house.book.policy("role_lines")), talk.text)
    if found is None or found.role == "after_sales" or _PERSON.search(talk.text):  # those are here
        return False
    label = talk.house.book.label("role_line", found.role, talk.language)
    key = "role.told" if found.number else "role.told.desk"
    talk.say(key, role=label, number=found.number, extension=found.extension)
    return True
