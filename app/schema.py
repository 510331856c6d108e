"""The database's schema and reference data: brought up to date by ``frontdoor db upgrade`` and by ``serve``."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from core.database import Database
from core.knowledge.reference import load_shipped

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x66726F6E74  # "front": one upgrade at a time, whoever starts first


def config() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.set_main_option("path_separator", "os")
    return settings


def is_current(database: Database) -> bool:
    head = ScriptDirectory.from_config(config()).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def upgrade(database: Database) -> None:
    """Migrate to the newest schema and add missing reference data; safe to run twice and at once."""
    settings = config()
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        connection.commit()
        with database.session() as session:
            load_shipped(session)
            session.commit()
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()
