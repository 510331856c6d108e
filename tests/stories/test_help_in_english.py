"""Self-help in English: the same articles, steps and pictures, and a person as near."""

import pytest
from sqlalchemy import select

from core.house import House
from core.knowledge.model import Article
from tests.play import Story

FAULT = "My air conditioner is not cooling"


def article(house: House, **changes: object) -> Article:
    """The one offered for the fault, changed as staff may."""
    with house.database.session() as session:
        row = session.get_one(Article, "ac-no-cooling")
        for name, value in changes.items():
            setattr(row, name, value)
        session.commit()
        return row


@pytest.mark.parametrize("channel", ["webchat", "telegram", "wechat"])
def test_led_through_and_solved(story: Story, channel: str) -> None:
    told = article(story.house)
    said = story.says(FAULT, channel=channel)
    assert f"{told.title_en}" in said and f"Step 1 of 4: {told.steps_en[0]}" in said
    assert all(f"⚠ {warning}" in said for warning in told.warnings_en)
    assert "1 Solved" in said and "2 Still not working" in said and "0 " in said
    assert told.steps_en[1] in story.says("It still does not cool", channel=channel)
    assert told.steps_en[2] in story.says("2", channel=channel)
    sent = story.recorders[channel].sent
    shown = [told.pictures[step] for step in "123" if step in told.pictures]
    assert shown and [m.extra["picture"]["id"] for m in sent if "picture" in m.extra] == shown
    assert "Take your time".lower() in story.says("ok, let me try", channel=channel).lower()
    assert "recorded" in story.says("great, it works now", channel=channel)
    (ticket,) = story.tickets()
    assert (ticket["kind"], ticket["state"]) == ("consultation", "closed")
    counted = article(story.house)
    assert (counted.offered, counted.solved, counted.not_solved) == (1, 1, 0)
    story.conserved()


@pytest.mark.parametrize(
    "words", ["Please send a technician", "request a repair", "I don't want to try that", "too complicated"]
)
def test_whoever_does_not_want_to_try_goes_on_to_the_repair(story: Story, words: str) -> None:
    story.says(FAULT)
    assert "let us register a repair" in story.says(words)


def test_after_the_last_step_a_repair_is_registered(story: Story) -> None:
    story.says(FAULT)
    said = [story.says(words) for words in ("no", "not fixed", "same problem", "still not")]
    assert "Step 4 of 4" in said[2] and "let us register a repair" in said[3] and "brand" in said[3]
    for words in (
        "Midea",
        "I don't know",
        "bought 2026-05-01",
        "Wang Fang",
        "13800138000",
        "成都市锦江区春熙路8号",
    ):
        story.says(words)
    story.says("1")
    (ticket,) = story.tickets()
    assert (ticket["kind"], ticket["symptom"], ticket["brand"]) == ("repair", "no_cooling", "美的")


@pytest.mark.parametrize("words", ["It works now, no problem", "fixed!", "That helped, thank you", "1"])
def test_solved_in_other_words(story: Story, words: str) -> None:
    story.says(FAULT)
    assert "recorded" in story.says(words) and story.tickets()[0]["state"] == "closed"


@pytest.mark.parametrize("words", ["it's not solved", "that didn't help", "no change", "is it fixed now?"])
def test_not_solved_is_not_taken_for_solved(story: Story, words: str) -> None:
    story.says(FAULT)
    story.says(words)
    assert not story.tickets()


@pytest.mark.parametrize(
    "part", [{"steps_en": []}, {"steps_en": ["Only one step."]}, {"warnings_en": []}, {"title_en": ""}]
)
def test_an_article_that_is_not_all_in_english_is_not_told_in_parts(story: Story, part: dict) -> None:
    article(story.house, **part)
    said = story.says(FAULT)
    assert "Step 1" not in said and "?" in said  # the repair is asked about at once
    assert "第 1 步" in story.says("空调不制冷", who="陈先生")


def test_english_that_is_taken_away_in_between_ends_in_the_repair(story: Story) -> None:
    story.says(FAULT)
    article(story.house, steps_en=[])
    assert "let us register a repair" in story.says("2")


def test_another_article_that_is_in_english_is_told_instead(story: Story) -> None:
    with story.house.database.session() as session:
        first = session.scalars(select(Article).where(Article.slug == "ac-no-cooling")).one()
        values = {c: getattr(first, c) for c in ("category", "symptoms", "title", "steps", "warnings")}
        session.add(Article(slug="ac-local", pinned=True, voice="", **values))
        session.commit()
    assert "Step 1 of 4" in story.says(FAULT)
    assert article(story.house).offered == 1
