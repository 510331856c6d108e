"""Cut the Bot API's machine-readable schema to bot_api.json.

    pip download aiogram==3.31.0 --no-deps --no-binary :all:
    python -m tests.providers.telegram.cut_schema aiogram-3.31.0.tar.gz

aiogram (MIT licence) keeps core.telegram.org/bots/api as JSON in `.butcher/schema/schema.json` of its sdist.
"""

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("bot_api.json")
MEMBER = ".butcher/schema/schema.json"


def read(sdist: Path) -> dict[str, Any]:
    with tarfile.open(sdist) as archive:
        name = next(name for name in archive.getnames() if name.endswith(MEMBER))
        member = archive.extractfile(name)
        assert member is not None
        return json.load(member)


def fields(entry: dict[str, Any]) -> dict[str, list[Any]]:
    return {field["name"]: [field["type"], field["required"]] for field in entry["annotations"]}


def choices(entry: dict[str, Any]) -> list[str]:
    """A type without fields that lists other types stands for one of them."""
    lines = entry["description"].split("\n")
    return [line.strip(" -") for line in lines if line.startswith(" - ")]


def cut(schema: dict[str, Any], source: str) -> dict[str, Any]:
    entries = sorted((e for part in schema["items"] for e in part["children"]), key=lambda e: e["name"])
    types = [e for e in entries if e["category"] == "types"]
    return {
        "about": {
            "source": f"{source}, member {MEMBER}; from https://core.telegram.org/bots/api",
            "licence": "MIT, Copyright (c) 2017 - present Alex Root Junior",
            "version": schema["api"]["version"],
            "cut": "methods and types: name -> {field: [type, required]}; unions: name -> [types]",
        },
        "methods": {e["name"]: fields(e) for e in entries if e["category"] == "methods"},
        "types": {e["name"]: fields(e) for e in types if e["annotations"] or not choices(e)},
        "unions": {e["name"]: choices(e) for e in types if not e["annotations"] and choices(e)},
    }


def lines(cutting: dict[str, Any]) -> str:
    """One entry a line, so that a new version of the API is a readable diff."""
    parts = []
    for part, entries in cutting.items():
        rows = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in entries.items())
        parts.append(f'"{part}": {{\n' + ",\n".join(rows) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    sdist = Path(sys.argv[1])
    TARGET.write_text(lines(cut(read(sdist), f"aiogram sdist {sdist.name}")))
