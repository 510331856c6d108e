"""Both languages of the console say the same things, and every label that a page asks for exists."""

import re
from pathlib import Path
from string import Formatter

import pytest

from console.wording import labels
from core.knowledge.book import shipped_wording
from core.staff import accounts
from tests.console.conftest import Desk

CONSOLE = Path(__file__).parents[2] / "console"
_ASKED = re.compile(r"""(?:\bt|\bsay|Label|Broken)\(\s*['"]([a-z_]+(?:\.[a-z_]+)*)['"]\s*[,)]""")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_the_same_placeholders() -> None:
    zh, en = labels()["zh"], labels()["en"]
    assert list(zh) == list(en)
    assert {key for key in zh if fields(zh[key]) != fields(en[key])} == set()
    assert [key for key in en if _CHINESE.search(en[key]) and key != "language.other"] == []


def test_every_label_asked_for_exists() -> None:
    files = [*CONSOLE.rglob("*.py"), *CONSOLE.rglob("*.html")]
    asked = {key for file in files for key in _ASKED.findall(file.read_text("utf-8"))}
    assert len(asked) > 100
    assert sorted(asked - set(labels()["zh"])) == []


def test_no_text_lives_in_code_or_templates() -> None:
    for file in [*CONSOLE.rglob("*.html"), *CONSOLE.rglob("*.js")]:
        assert not _CHINESE.search(file.read_text("utf-8")), file


def test_every_error_of_the_accounts_has_wording() -> None:
    names = [
        n for n, c in vars(accounts).items() if isinstance(c, type) and c.__module__ == accounts.__name__
    ]
    for language in ("zh", "en"):
        assert [n for n in names if f"error.{n}" not in shipped_wording()[language]] == []


def test_the_language_switch_sticks(desk: Desk) -> None:
    assert "登录" in desk.get("/login").text
    answer = desk.client.get("/console/language/en", follow_redirects=False)
    assert "Max-Age=31536000" in answer.headers["set-cookie"]
    assert "Log in" in desk.get("/login").text
    desk.post("/login", username="agent", password="stand-by-me-7")
    assert "Hello, agent" in desk.get("/").text and 'lang="en"' in desk.get("/").text
    assert desk.get("/language/xx").status_code == 404


def test_the_editing_pages_speak_the_language_too(desk: Desk) -> None:
    pytest.importorskip("babel", reason="the framework translates its own pages with babel only")
    desk.enter("admin")
    assert "新增" in desk.get("/hotlines/list").text
    desk.client.cookies.set("language", "en")
    assert "Export" in desk.get("/hotlines/list").text
