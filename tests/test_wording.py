"""Everything people read has words, in both languages, with the same blanks to fill in."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from core.categories import CATEGORIES
from core.dialogue.forms import FORMS
from core.dialogue.meaning import SYMPTOMS
from core.knowledge.book import LANGUAGES, shipped_policies, shipped_wording
from core.promise.sla import contracts
from core.promise.watch import SLA_KINDS
from core.staff.model import ROLES
from core.ticket.actions import EXTRA_VERBS
from core.ticket.lifecycle import STATES, VERBS
from core.ticket.model import KINDS, SEVERITIES

ROOT = Path(__file__).parent.parent
NAMES = ("channel.", "language.")  # Telegram is Telegram
CHANNELS = ("wechat", "wecom", "telegram", "voice", "webchat", "staff")
HAN = re.compile(r"[\u4e00-\u9fff]")
WORDS = shipped_wording()
# Calls whose first string, or whose argument ``wording``, is a key of the house's book.
SAYING = {"say", "text"}
# f-strings: what may stand in the hole. A family that is not listed must exist as "prefix.*" at least.
FAMILIES = {
    "emergency.": ("electric_shock", "fire_smoke", "gas_smell", "water_leak", "other"),
    "outlet.": ("county", "city", "nearest", "province_centre", "none", "unknown_region"),
    "care.": ("thanked", "reopened", "changed", "too_late"),
    "warranty.": ("in", "unknown", "out.expired", "out.human_damage", "out.environment", "out.force_majeure"),
    "push.": ("sla_warning", "sla_breach", "fee_given", "fee_refused"),
    "fee.": ("given", "refused"),
    "nlu.": ("rasa", "preparing", "keywords"),
    "ask.": tuple({slot.name for form in FORMS.values() for slot in form.slots}),
    "readback.": ("repair", "installation"),
}
LABELS = {
    "state": STATES,
    "kind": KINDS,
    "severity": SEVERITIES,
    "category": CATEGORIES,
    "symptom": SYMPTOMS,
    "verb": [*VERBS, *EXTRA_VERBS],
    "role": ROLES,
    "channel": CHANNELS,
    "department": [route["department"] for route in shipped_policies()["complaint_routes"].values()],
    "sla": SLA_KINDS,
    "contract": contracts(shipped_policies()["sla"]),
    "pause": ("customer", "parts"),
}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def sources(*packages: str) -> list[Path]:
    paths = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in paths if "migrations" not in path.parts]


def test_both_languages_have_the_same_keys() -> None:
    assert set(LANGUAGES) == {"zh", "en"} == set(WORDS)
    assert WORDS["zh"].keys() == WORDS["en"].keys()


def test_both_languages_have_the_same_blanks_and_none_is_empty() -> None:
    wrong = {key for key in WORDS["zh"] if blanks(WORDS["zh"][key]) != blanks(WORDS["en"][key])}
    assert wrong == set()
    assert [key for words in WORDS.values() for key, text in words.items() if not str(text).strip()] == []


def test_chinese_is_chinese_and_english_is_english() -> None:
    foreign = {key for key, text in WORDS["en"].items() if HAN.search(text)}
    assert {key for key in foreign if not key.startswith("language.")} == set()
    bare = {key: re.sub(r"{.*?}", "", text) for key, text in WORDS["zh"].items() if not HAN.search(text)}
    assert [
        key for key, rest in bare.items() if re.search(r"[A-Za-z]", rest) and not key.startswith(NAMES)
    ] == []


@pytest.mark.parametrize("family", LABELS)
def test_every_id_has_a_label(family: str) -> None:
    assert [value for value in LABELS[family] if f"{family}.{value}" not in WORDS["zh"]] == []


def told_errors() -> list[str]:
    """Exceptions that reach people say so by a Chinese docstring."""
    return [
        node.name
        for path in sources("core", "console")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(
            isinstance(base, ast.Name) and base.id.endswith(("Exception", "Error")) for base in node.bases
        )
        and (HAN.search(ast.get_docstring(node) or "") or "{" in (ast.get_docstring(node) or ""))
    ]


def test_every_error_that_people_see_has_words() -> None:
    names = told_errors()
    assert {"IllegalMove", "ConsentNeeded", "UnknownTicket", "WrongPassword", "BadReference"} <= set(names)
    missing = [name for name in names for words in WORDS.values() if f"error.{name}" not in words]
    assert missing == []


def keys_in(path: Path) -> list[tuple[int, ast.expr]]:
    """The wording keys that a file names: say("…"), text("…") and wording="…"."""
    found: list[tuple[int, ast.expr]] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name in SAYING and node.args:
                found.append((node.lineno, node.args[0]))
            found += [(node.lineno, word.value) for word in node.keywords if word.arg == "wording"]
    return [(line, choice) for line, value in found for choice in _choices(value)]


def _choices(value: ast.expr) -> list[ast.expr]:
    return [*_choices(value.body), *_choices(value.orelse)] if isinstance(value, ast.IfExp) else [value]


SAID = [
    (path, line, key) for path in sources("core", "app", "bot", "scheduler") for line, key in keys_in(path)
]


def test_every_key_in_the_code_exists() -> None:
    literal = [
        (p, n, k.value) for p, n, k in SAID if isinstance(k, ast.Constant) and isinstance(k.value, str)
    ]
    assert len(literal) > 100
    missing = [f"{p.relative_to(ROOT)}:{n} {key}" for p, n, key in literal if key not in WORDS["zh"]]
    assert missing == []


def prefix(key: ast.JoinedStr) -> str:
    first = key.values[0]
    return first.value if isinstance(first, ast.Constant) else ""


def test_every_family_of_keys_exists() -> None:
    families = {prefix(key) for _, _, key in SAID if isinstance(key, ast.JoinedStr)}
    assert "outlet." in families
    for family in families - {""}:
        assert any(key.startswith(family) for key in WORDS["zh"]), family
        assert [v for v in FAMILIES.get(family, ()) if f"{family}{v}" not in WORDS["zh"]] == []


def test_every_choice_that_is_offered_has_a_label() -> None:
    """("1", "solved") anywhere in the dialogue is a key on the phone and a value with words."""
    offered = {
        node.elts[1].value
        for path in sources("core")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Tuple)
        and len(node.elts) == 2
        and all(isinstance(e, ast.Constant) and isinstance(e.value, str) for e in node.elts)
        and re.fullmatch(r"\d", node.elts[0].value)  # type: ignore[attr-defined]
        and re.fullmatch(r"[a-z_]\w+", node.elts[1].value)  # type: ignore[attr-defined]
    }
    assert {"solved", "person", "agree"} <= offered
    assert [value for value in offered if f"choice.{value}" not in WORDS["zh"]] == []


@pytest.mark.parametrize("folder", ["core/reference/wording", "console/wording"])
def test_no_key_stands_twice(folder: str) -> None:
    """YAML takes the last one without a word, so one sentence would be said in the place of another."""
    for language in LANGUAGES:
        lines = (Path(__file__).parents[1] / folder / f"{language}.yaml").read_text("utf-8").splitlines()
        keys = [line.partition(":")[0] for line in lines if line[:1].isalpha()]
        assert sorted(key for key in set(keys) if keys.count(key) > 1) == []
        assert len(keys) > 300
