"""The database's schema and reference data: brought up to date by ``frontdoor db upgrade`` and by ``serve``."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from core.database import Database
from core.knowledge.reference import load_shipped, shipped_hash

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x66726F6E74  # "front": one upgrade at a time, whoever starts first


def config() -> "Config":
    """Alembic's settings, made here: no ini file lies beside the code. Imported late, for it takes a while."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.set_main_option("path_separator", "os")
    return settings


def is_current(database: Database) -> bool:
    """Whether the schema is the newest; the reference data may be older."""
    try:
        with database.engine.connect() as connection:
            return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == _newest())
    except ProgrammingError:
        return False
    except OperationalError as error:
        if "no such table" in str(error):
            return False
        raise


def _newest() -> str:
    return max(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _is_complete(database: Database) -> bool:
    """The newest schema with today's reference data, asked without loading Alembic: most starts find it so."""
    try:
        with database.engine.connect() as connection:
            found = connection.scalar(text("SELECT version_num FROM alembic_version"))
            shipped = connection.scalar(text("SELECT shipped FROM reference_version"))
    except DBAPIError:
        return False
    return bool(found == _newest() and shipped == shipped_hash())


def upgrade(database: Database) -> None:
    """Migrate to the newest schema and add missing reference data; safe to run twice and at once."""
    if _is_complete(database):
        return
    _upgrade(database)


def _upgrade(database: Database) -> None:
    from alembic import command

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
