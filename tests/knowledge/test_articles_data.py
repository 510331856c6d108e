"""The self-help articles shipped as reference data (A4, A6, H1): schema, coverage, wording, safety."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from PIL import Image

from core.categories import CATEGORIES
from core.dialogue.meaning import SYMPTOMS

FOLDER = Path(__file__).parents[2] / "core" / "reference" / "articles"
FILES = sorted(FOLDER.glob("*.yaml"))
ARTICLES = [a for f in FILES for a in yaml.safe_load(f.read_text(encoding="utf-8"))]
PICTURE_FOLDER = FOLDER.parent / "pictures"
PICTURES = sorted(path.stem for path in PICTURE_FOLDER.glob("*.png"))
KEYS = {
    "slug",
    "category",
    "symptoms",
    "error_codes",
    "brands",
    "models",
    "title",
    "title_en",
    "steps",
    "voice",
    "warnings",
    "steps_en",
    "voice_en",
}
H1_CATEGORIES = set(CATEGORIES) - {"other"}
#: These never get a self-help round (A6), or a customer cannot mend them.
NO_SELF_HELP = {"electric_shock", "fire_smoke", "gas_smell", "screen_damage", "other"}

HAN = r"\u4e00-\u9fff"
#: A full stop is ASCII only inside a number (2.4G).
ASCII_PUNCTUATION = re.compile(r"(?!(?<=\d)\.(?=\d))[!-/:-@\[-`{-~]")
VOICE = re.compile(rf"[{HAN}A-Z，。、？]+")
#: Dangerous acts: they may appear only after the words that forbid them, in the same sentence.
DANGEROUS = re.compile(
    "自行拆|拆开|拆卸|拆机|打开电视后盖|打开主机|电源盒|撬|短接|改线|改接|自行加冷媒|加氟|放氟|电容"
    "|火线|零线|反复(合闸|按|断电|点火|重启)|更换更大的开关|明火|用开水|用热水|硬拧|登高|爬到|探身|湿手"
    "|直视|酒精|汽油|硬物|尖锐|用力推|伸进"
)
FORBIDS = re.compile("不要|请勿")
DANGEROUS_EN = re.compile(
    r"open (?:it|the (?:back(?! cover)|case|device|machine|fridge|indoor|fuser|power supply|cover at)|sockets)|again and again"
    r"|bigger breaker|the wiring|bridge|force|climb|lean out|wet hands|flame\b|boiling|sharp thing|into (?:the lens|its end)"
    r"|refill|reach in|petrol|acid"
)
FORBIDS_EN = re.compile(r"\b(?:not|never|nothing)\b")


each_article = pytest.mark.parametrize("article", ARTICLES, ids=[a["slug"] for a in ARTICLES])


def sentences(article):
    for text in [*article["steps"], article["voice"], *article["warnings"]]:
        yield from (s for s in re.split(r"[。；]", text) if s)


def is_general(article):
    return not (article["brands"] or article["models"] or article["error_codes"])


def test_one_file_per_category():
    assert {f.stem for f in FILES} == H1_CATEGORIES
    for file in FILES:
        assert {a["category"] for a in yaml.safe_load(file.read_text("utf-8"))} == {file.stem}


def test_there_are_enough_articles_with_unique_slugs():
    assert len(ARTICLES) >= 40
    assert [s for s, n in Counter(a["slug"] for a in ARTICLES).items() if n > 1] == []
    assert [t for t, n in Counter(a["title"] for a in ARTICLES).items() if n > 1] == []


def test_every_category_has_a_general_article_for_the_common_symptoms():
    have = {(a["category"], s) for a in ARTICLES if is_general(a) for s in a["symptoms"]}
    for category in H1_CATEGORIES:
        assert (category, "no_power") in have
        assert (category, "error_code") in have
        assert len([pair for pair in have if pair[0] == category]) >= 5


def test_at_most_one_general_article_for_a_category_and_symptom():
    pairs = Counter((a["category"], s) for a in ARTICLES if is_general(a) for s in a["symptoms"])
    assert [p for p, n in pairs.items() if n > 1] == []


def test_one_brand_does_not_claim_a_code_twice_in_a_category():
    claims = Counter(
        (a["category"], brand, code)
        for a in ARTICLES
        for brand in a["brands"] or ["*"]
        for code in a["error_codes"]
    )
    assert [c for c, n in claims.items() if n > 1] == []


@each_article
def test_schema(article):
    assert set(article) - {"pictures", "warnings_en"} == KEYS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", article["slug"])
    assert article["category"] in CATEGORIES
    for key in ("symptoms", "error_codes", "brands", "models", "steps", "warnings"):
        assert isinstance(article[key], list)
        assert all(isinstance(v, str) and v.strip() == v and v for v in article[key])
        assert len(set(article[key])) == len(article[key])
    assert article["symptoms"]
    assert set(article["symptoms"]) <= set(SYMPTOMS) - NO_SELF_HELP
    assert all(re.fullmatch(r"[A-Z0-9]+", c) for c in article["error_codes"])
    if article["error_codes"]:
        assert article["symptoms"][0] == "error_code"
    assert re.fullmatch(r"[ -~]{5,60}", article["title_en"])


@each_article
def test_pictures_belong_to_steps_that_exist(article):
    for step, name in article.get("pictures", {}).items():
        assert type(step) is int and 1 <= step <= len(article["steps"])
        assert name in PICTURES, name


def test_every_category_has_pictures_and_none_lies_unused():
    shown = {(a["category"], name) for a in ARTICLES for name in a.get("pictures", {}).values()}
    for category in H1_CATEGORIES:
        assert sum(c == category for c, _ in shown) >= 3, category
    assert {name for _, name in shown} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_light_of_one_size_and_has_its_source(name):
    file = PICTURE_FOLDER / f"{name}.png"
    assert file.stat().st_size <= 40_000
    with Image.open(file) as picture:
        assert picture.size == (800, 600) and picture.format == "PNG"
    source = file.with_suffix(".svg").read_text("utf-8")
    assert not re.search(r"<script|<image|<text|href|@import|url\(", source), "drawn with shapes alone"


@each_article
def test_lengths(article):
    assert 4 <= len(article["title"]) <= 32
    assert 2 <= len(article["steps"]) <= 4
    assert all(8 <= len(s) <= 70 for s in article["steps"])
    assert 20 <= len(article["voice"]) <= 60  # 15 s at 4 characters a second
    assert len(article["warnings"]) <= 2
    assert all(8 <= len(w) <= 60 for w in article["warnings"])


@each_article
def test_all_of_it_is_in_english(article):
    warnings = article.get("warnings_en", [])
    assert (len(article["steps_en"]), len(warnings)) == (len(article["steps"]), len(article["warnings"]))
    texts = [*article["steps_en"], article["voice_en"], *warnings]
    assert all(re.fullmatch(r"[A-Z][ -~]{20,230}[.?]", text) for text in texts), texts
    assert len(article["voice_en"].split()) <= 38  # 15 s at 2.5 words a second
    assert not re.search(r"[^A-Za-z ,.'-]", article["voice_en"]), "written out, as it is spoken"
    for sentence in (piece for text in texts for piece in re.split(r"[.;:]", text)):
        assert not DANGEROUS_EN.search(sentence) or FORBIDS_EN.search(sentence), sentence


@each_article
def test_wording(article):
    texts = [article["title"], article["voice"], *article["steps"], *article["warnings"]]
    for text in texts:
        assert not ASCII_PUNCTUATION.search(text), text
        assert "亲" not in text and "您好" not in text, text
    for text in [*article["steps"], *article["warnings"], article["voice"]]:
        assert text.endswith("。"), text
        assert text.count("“") == text.count("”") and text.count("（") == text.count("）"), text
        assert not re.search(r"[，。；：、]{2}", text), text
    assert VOICE.fullmatch(article["voice"])
    assert "请" in article["voice"]
    for step in article["steps"]:
        assert "请" in step or "正常" in step, step


@each_article
def test_no_dangerous_advice(article):
    for sentence in sentences(article):
        for act in DANGEROUS.finditer(sentence):
            assert FORBIDS.search(sentence, 0, act.start()), sentence


@each_article
def test_a_tripping_breaker_is_only_switched_off_and_reported(article):
    if "trips_breaker" in article["symptoms"]:
        text = "".join(article["steps"])
        assert "不要反复合闸" in text and "拔下" in text and "直接报修" in text
        assert "不要反复合闸" in article["voice"] and "报修" in article["voice"]


@each_article
def test_a_smell_article_first_rules_out_burning(article):
    if "smell" in article["symptoms"]:
        assert "焦糊味" in article["steps"][0] and "报修" in article["steps"][0]
        assert "焦味" in article["voice"]


@each_article
def test_reported_code_is_written_down(article):
    if article["symptoms"] == ["error_code"] and is_general(article):
        assert re.search(r"代码", "".join(article["steps"]))
        assert re.search(r"记下|拍", article["voice"])
