"""What README and docs/architecture.md name must be there: files, folders, links, and the functions beside a file's name."""

import re
from pathlib import Path

import pytest

from app.settings import Settings
from core.asked.audit import RULE as ASKED
from core.groups.audit import RULE as GROUPS
from core.quality.audit import RULE as INCIDENTS

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "README.zh-CN.md", "docs/architecture.md")
OURS = ("app", "bot", "console", "core", "ivr", "nlu", "scheduler", "tests")
_PATH = re.compile(r"`((?:[a-z_]+/)+[a-z0-9_.-]*)`")
_FILE = re.compile(r"`([a-z_]+\.(?:py|yaml))`")  # named after its folder was
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
_BESIDE = re.compile(r"`(\w+)\(\)` \(`([a-z_/]+\.py)`")


def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_path_is_there(page: str) -> None:
    named = {path for path in _PATH.findall(text_of(page)) if path.split("/")[0] in OURS}
    assert named and [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    links = _LINK.findall(re.sub(r"`[^`]*`", "", text_of(page)))
    here = (ROOT / page).parent
    assert links and [link for link in links if not (here / link).exists()] == []


def test_every_file_named_by_itself_is_there() -> None:
    known = {path.name for package in OURS for path in (ROOT / package).rglob("*") if path.is_file()}
    assert set(_FILE.findall(text_of("docs/architecture.md"))) - known == set()


def test_every_function_is_where_the_architecture_says() -> None:
    told = _BESIDE.findall(text_of("docs/architecture.md"))
    assert len(told) > 15
    assert [f"{name} in {path}" for name, path in told if f"def {name}(" not in text_of(path)] == []


def named(setting: str, text: str) -> bool:
    """By its whole name, or as one more ending behind the first of its family: `FRONTDOOR_SMTP_HOST` `_FROM`."""
    words = setting.upper().split("_")
    families = (("_".join(words[:n]), "_".join(words[n:])) for n in range(1, len(words)))
    return re.search(rf"`FRONTDOOR_{setting.upper()}[`=]", text) is not None or any(
        f"`FRONTDOOR_{family}_" in text and f"`_{ending}`" in text for family, ending in families
    )


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_every_setting_is_told(page: str) -> None:
    assert [one for one in Settings.model_fields if not named(one, text_of(page))] == []


def first_cells(page: str, heading: str) -> list[str]:
    section = text_of(page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")][1:]


def test_both_glossaries_tell_the_same_terms_once() -> None:
    english, chinese = first_cells("README.md", "Glossary"), first_cells("README.zh-CN.md", "术语")
    assert len(english) > 60 and len(set(english)) == len(english)
    assert set(english) == set(chinese) and len(set(chinese)) == len(chinese)


@pytest.mark.parametrize("page", ["docs/operations.md", "docs/operations.zh-CN.md"])
def test_what_to_do_for_a_broken_rule_is_told(page: str) -> None:
    assert [rule for rule in (ASKED, GROUPS, INCIDENTS) if rule not in text_of(page)] == []
