"""A house that has questionnaires and articles of before: the first know by which way they were asked, the others get pictures."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.schema import upgrade
from core.database import Database
from core.knowledge.model import Article, StepPicture
from core.knowledge.telling import telling
from core.training.model import TrainingReview
from tests.core.before import at, database_at, held_session, insert

START = datetime(2026, 11, 23, 2, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 2, tzinfo=UTC)
ASKED_IN_CHAT, ENTERED, ASKED_TWICE, UNKNOWN = 1, 2, 3, 4


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    database = database_at("0022", request, tmp_path)
    yield database
    database.close()


def _asked(old: Database) -> None:
    """Of one session: by WeChat, by a person, by two ways one after the other, and nobody knows."""
    moment = at(old, START)
    held_session(old, 7, START)
    for number in (ASKED_IN_CHAT, ENTERED, ASKED_TWICE, UNKNOWN):
        insert(old, "customers", id=number, language="zh", created_at=moment)
        by = "lead" if number == ENTERED else "trainee"
        insert(old, "training_reviews", session_id=7, customer_id=number, by=by, asked_at=moment)
    for number, channel, when in (
        (ASKED_IN_CHAT, "wechat", START),
        (ASKED_TWICE, "telegram", START),
        (ASKED_TWICE, "webchat", LATER),
    ):
        key = f"training_review:7:{number}"
        insert(old, "contacts", customer_id=number, channel=channel, key=key, at=at(old, when))


def test_by_which_way_each_was_asked(old: Database) -> None:
    _asked(old)
    upgrade(old)
    with old.reading() as session:
        found = {row.customer_id: row.asked_via for row in session.scalars(select(TrainingReview))}
    assert found == {ASKED_IN_CHAT: "wechat", ENTERED: "staff", ASKED_TWICE: "telegram", UNKNOWN: None}


def test_articles_that_nobody_edited_get_their_pictures(old: Database) -> None:
    lists = dict.fromkeys(("symptoms", "error_codes", "brands", "models", "steps", "warnings"), "[]")
    plain = {"voice": "", "pinned": True, "active": True, "offered": 9, "solved": 3, "not_solved": 1}
    insert(old, "articles", slug="ac-no-cooling", category="air_conditioner", title="旧", **lists, **plain)
    upgrade(old)
    with old.reading() as session:
        article = session.get_one(Article, "ac-no-cooling")
        assert article.pictures and article.offered == 9 and article.pinned
        assert telling(article, "en")
        assert all(session.get(StepPicture, shown) for shown in article.pictures.values())


def test_an_article_of_staff_is_in_chinese_as_before(old: Database) -> None:
    lists = dict.fromkeys(("symptoms", "error_codes", "brands", "models", "steps", "warnings"), "[]")
    plain = {"voice": "", "pinned": False, "active": True, "offered": 0, "solved": 0, "not_solved": 0}
    insert(old, "articles", slug="of-ours", category="tv", title="自己写的", **lists, **plain)
    upgrade(old)
    with old.reading() as session:
        article = session.get_one(Article, "of-ours")
        assert (article.steps_en, article.voice_en, article.warnings_en) == ([], "", [])
        assert telling(article, "zh") and not telling(article, "en")
