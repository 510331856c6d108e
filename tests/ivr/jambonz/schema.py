"""jambonz's published verb schema (specs.json), interpreted: strict about verbs, properties, types and values."""

import json
from pathlib import Path
from typing import Any

SPECS: dict[str, Any] = json.loads((Path(__file__).parent / "specs.json").read_text("utf-8"))
TYPES: dict[str, Any] = {
    "string": str,
    "number": int | float,
    "boolean": bool,
    "object": dict,
    "array": list,
}


class Invalid(AssertionError):
    """A document that jambonz would refuse."""


def validate(document: Any) -> list[dict[str, Any]]:
    """The verbs of a document; Invalid says what is wrong where."""
    if not isinstance(document, list):
        raise Invalid("a document is a list of verbs")
    for verb in document:
        if not isinstance(verb, dict) or "verb" not in verb:
            raise Invalid(f"no verb: {verb!r}")
        one(verb["verb"], {k: v for k, v in verb.items() if k != "verb"}, verb["verb"])
    return document


def one(name: str, data: Any, where: str) -> None:
    """One verb, or one of the schema's other objects, as ``rest:dial``."""
    if name not in SPECS:
        raise Invalid(f"{where}: nobody knows {name}")
    if not isinstance(data, dict):
        raise Invalid(f"{where}: an object is expected, not {data!r}")
    spec = SPECS[name]
    for key, value in data.items():
        if key not in spec["properties"]:
            raise Invalid(f"{where}: unknown property {key}")
        _property(spec["properties"][key], value, f"{where}.{key}")
    missing = [key for key in spec.get("required", []) if key not in data]
    if missing:
        raise Invalid(f"{where}: missing {missing}")


def _property(spec: Any, value: Any, where: str) -> None:
    if isinstance(spec, list):  # a list of one kind of object
        _type("array", value, where)
        for place, item in enumerate(value):
            one(spec[0].removeprefix("#"), item, f"{where}[{place}]")
    elif isinstance(spec, dict):
        _type(spec["type"], value, where)
        if "enum" in spec and value not in spec["enum"]:
            raise Invalid(f"{where}: {value!r} is none of {spec['enum']}")
    elif spec.startswith("#"):
        one(spec.removeprefix("#"), value, where)
    else:
        _type(spec, value, where)


def _type(names: str, value: Any, where: str) -> None:
    for name in names.split("|"):
        if isinstance(value, TYPES[name.strip()]) and (isinstance(value, bool) == (name == "boolean")):
            return
    raise Invalid(f"{where}: {value!r} is no {names}")
