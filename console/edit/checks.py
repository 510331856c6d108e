"""What an edit must not break: placeholders of a sentence, shape of a policy."""

from collections.abc import Callable
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from core.promise.calendar import OfficeHours, QuietHours
from core.promise.sla import check as check_sla


class Broken(ValueError):
    """A wording key of the console, and what it speaks about."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def placeholders(text: str) -> set[str]:
    """The {words} of a sentence with their formats; Broken when a brace stands alone."""
    try:
        parsed = list(Formatter().parse(text))
    except ValueError as error:
        raise Broken("check.braces") from error
    return {
        name + (f"!{convert}" if convert else "") + (f":{form}" if form else "")
        for _, name, form, convert in parsed
        if name is not None
    }


def check_placeholders(text: str, shipped: str) -> None:
    """Broken when the sentence uses a word that nobody will fill in."""
    allowed = placeholders(shipped)
    unknown = placeholders(text) - allowed
    if unknown:
        words = " ".join(f"{{{name}}}" for name in sorted(allowed)) or "—"
        raise Broken(
            "check.placeholders", unknown=" ".join(f"{{{n}}}" for n in sorted(unknown)), allowed=words
        )


def check_shape(value: Any, shipped: Any, path: str = "") -> None:
    """Broken, with the place, where a value is not of the kind that the house ships."""
    if shipped is None:
        return
    if _kind(value) != _kind(shipped):
        raise Broken("check.kind", path=path or "/", kind=_kind(shipped), found=_kind(value))
    if isinstance(shipped, dict):
        _check_object(value, shipped, path)
    elif isinstance(shipped, list) and shipped:
        for place, item in enumerate(value):
            check_shape(item, shipped[0], f"{path}/{place}")


# What has a meaning beyond its shape is read as the house will read it.
READERS: dict[str, Callable[[Any, ZoneInfo], object]] = {
    "office_hours": OfficeHours.of,
    "quiet_hours": QuietHours.of,
    "sla": lambda policy, _zone: check_sla(policy),
}

# Their fields may be null or not from line to line: the reader above checks all of them.
READ_WHOLE = ("sla",)


def check_meaning(name: str, value: Any) -> None:
    """Broken where the house could not use a policy: an hour 25, a day that does not exist."""
    read = READERS.get(name)
    try:
        if read is not None:
            read(value, ZoneInfo("UTC"))
    except (ValueError, TypeError, KeyError) as error:
        raise Broken("check.value", why=str(error)) from error


def _check_object(value: dict[str, Any], shipped: dict[str, Any], path: str) -> None:
    missing = [name for name in shipped if name not in value]
    if missing:
        raise Broken("check.missing", path=path or "/", names=", ".join(missing))
    # A table of equal rows (months per category) may grow; anything else has the fields it has.
    grows = len({_kind(item) for item in shipped.values()}) == 1
    for name, item in value.items():
        if name in shipped:
            check_shape(item, shipped[name], f"{path}/{name}")
        elif not grows or _kind(item) != _kind(next(iter(shipped.values()))):
            raise Broken("check.unknown", path=f"{path}/{name}")


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return {str: "text", list: "list", dict: "object", type(None): "null"}.get(type(value), "text")
