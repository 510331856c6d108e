"""Numbers as Telegram gives them: updates in one sequence, messages per chat."""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator

_updates = itertools.count(random.randrange(10**8, 10**9))
_messages: defaultdict[int, Iterator[int]] = defaultdict(lambda: itertools.count(1))


def next_update() -> int:
    return next(_updates)


def next_message(chat_id: int) -> int:
    """Two chats do have messages of the same number."""
    return next(_messages[chat_id])
