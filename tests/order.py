"""Which files are begun first where several workers share the tests, so that none is left alone with a long one."""

from typing import Any

# Longest first; files that are not named follow in their own order. By `make test ARGS=--durations=0`.
LONGEST = (
    "tests/core/test_machine.py",
    "tests/test_kill.py",
    "tests/ivr/incoming/test_kill.py",
    "tests/core/test_promise_machine.py",
    "tests/stories/test_one_customer_many_channels.py",
    "tests/stories/test_asides.py",
    "tests/setup/test_clean_clone.py",
    "tests/channels/telegram/test_webhook.py",
    "tests/channels/test_contract.py",
    "tests/channels/telegram/test_qa_group.py",
    "tests/asked/test_private.py",
    "tests/channels/wechat/test_passive.py",
    "tests/channels/wecom/test_group_story.py",
    "tests/channels/wechat/test_ways.py",
    "tests/scheduler/test_standby.py",
    "tests/nlu/test_model.py",
    "tests/ivr/incoming/test_walk.py",
    "tests/ivr/jambonz/test_documents.py",
    "tests/browser/test_phone.py",
    "tests/channels/wechat/test_kill.py",
    "tests/channels/telegram/test_crash.py",
)


def longest_first(items: list[Any]) -> None:
    """Puts the tests of the longest files to the front; order within a file stays."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))
