"""What a text turn costs: CPU without NLU, statements, and the same beside a million tickets."""

import tempfile
from pathlib import Path

from sqlalchemy import text

from benchmarks.desk import counted, cpu, house_at, scripted, turns, wall
from benchmarks.result import Row, absolute, beside, median, plain
from core.database import Database
from tests.engines import cluster, new_sqlite

_FILL = """
INSERT INTO customers (name, phone, language, created_at)
SELECT '客户' || i, '+86139' || lpad(i::text, 8, '0'), 'zh', now() FROM generate_series(1, :people) AS i;
INSERT INTO tickets (number, kind, state, severity, flagged, customer_id, name, phone, category, brand, symptom,
  description, warranty, warranty_reason, outlet_id, outlet_reason, opened_via, opened_at, round)
SELECT (2000000000 + i)::text, 'repair', (ARRAY['filed','dispatched','done','closed','closed','closed','closed'])[1 + i % 7],
  'normal', false, base.least + i % :people, '客户', '+86139' || lpad((i % :people)::text, 8, '0'),
  (ARRAY['tv','air_conditioner','refrigerator','printer'])[1 + i % 4], '美的', 'no_power', '不通电', 'unknown', '{}',
  1 + i % 44, '{}', 'webchat', now(), 1
FROM generate_series(1, :tickets) AS i, (SELECT min(id) AS least FROM customers) AS base;
INSERT INTO timeline (ticket_id, at, actor, verb, channel, audience, to_state)
SELECT id, opened_at, 'x', 'file', 'webchat', 'customer', state FROM tickets;
INSERT INTO promises (key, kind, ticket_id, due_at, status, late, attempt, payload)
SELECT 'sla_solved:' || number, 'sla_solved', id, now() + interval '30 days', 'pending', false, 0, '{}'
FROM tickets WHERE state IN ('filed', 'dispatched')
"""


def fill(url: str, tickets: int) -> None:
    """Put so many tickets of other customers into the database."""
    database = Database(url)
    with database.engine.begin() as connection:
        for statement in _FILL.split(";"):
            connection.execute(text(statement), {"people": max(1, tickets // 5), "tickets": tickets})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    database.close()


def run() -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder, cluster() as running:
        rows += _cost("SQLite", new_sqlite(Path(folder)))
        if running is not None:
            rows += _cost("PostgreSQL", running.new_database())
            rows.append(_million(running.new_database(), running.new_database()))
    return rows


def _cost(engine: str, url: str) -> list[Row]:
    house = house_at(url)
    turns(house, scripted, wall, customers=3, tag="warm")
    spent = turns(house, scripted, cpu, customers=20, tag="cpu")
    with counted(house.database) as statements:
        count = len(turns(house, scripted, wall, customers=5, tag="count"))
    house.database.close()
    return [
        absolute(f"turn without NLU, CPU median, {engine}", median(spent), "ms", most=5),
        plain(f"SQL statements per turn, {engine}", len(statements) / count, "statements"),
    ]


def _million(small_url: str, large_url: str) -> Row:
    """Alternating rounds, so that a slow minute of the machine falls on both."""
    fill(small_url, 1_000)
    fill(large_url, 1_000_000)
    small, large = house_at(small_url), house_at(large_url)
    for house in (small, large):
        turns(house, scripted, wall, customers=3, tag="warm")
    few: list[float] = []
    many: list[float] = []
    for number in range(10):
        few += turns(small, scripted, wall, customers=2, tag=f"r{number}")
        many += turns(large, scripted, wall, customers=2, tag=f"r{number}")
    small.database.close()
    large.database.close()
    name = "turn with 1,000,000 tickets, wall median"
    return beside(name, median(many), "ms", "with 1,000 tickets", median(few), most=1.2)
