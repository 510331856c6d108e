"""A call as JSON between two steps, so that any process can go on with it."""

from pydantic import TypeAdapter

from ivr.softphone.state import Call

_ADAPTER = TypeAdapter(Call)


def dump(call: Call) -> str:
    """Everything but the journal, which whoever asked has already seen."""
    kept: str = _ADAPTER.dump_json(call, exclude={"journal"}, exclude_defaults=True).decode()
    return kept


def load(text: str) -> Call:
    """The call as it was, with an empty journal. ValueError when the text is none of ours."""
    return _ADAPTER.validate_json(text)
