"""The database's own clock inside a statement: leases of several machines must not depend on theirs."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from core.database import UtcDateTime


class database_clock(FunctionElement[datetime]):
    """``database_clock(seconds)``: so many seconds from now, now without an argument. Never business time."""

    type = UtcDateTime()
    name = "database_clock"
    inherit_cache = True


@compiles(database_clock, "postgresql")
def _postgresql(element: Any, compiler: Any, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"(clock_timestamp() + make_interval(secs => {seconds}))" if seconds else "clock_timestamp()"


@compiles(database_clock, "sqlite")
def _sqlite(element: Any, compiler: Any, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    shift = f", {seconds} || ' seconds'" if seconds else ""
    return f"strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'{shift})"  # as UtcDateTime writes it
