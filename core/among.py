"""Many ids as one parameter: the statement stays the same however many there are, and is read and planned once."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, Boolean, Dialect, Integer, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Ids(TypeDecorator[list[int]]):
    """An array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(Integer) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[int] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class among(FunctionElement[bool]):
    """``among(column, ids)``: the column is one of these; of none, it never is."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Any, ids: Iterable[int]) -> None:
        super().__init__(column, bindparam("ids", list(ids), type_=_Ids(), unique=True))

    def self_group(self, against: Any = None) -> Any:
        # It has parentheses of its own; "= 1", as SQLite needs it after other functions, would pass by every index.
        return self


@compiles(among, "postgresql")
def _postgresql(element: Any, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} IN (SELECT unnest({ids})))"


@compiles(among, "sqlite")
def _sqlite(element: Any, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({ids})))"
