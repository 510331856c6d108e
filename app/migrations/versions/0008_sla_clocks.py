"""Clocks of service levels as rows, contracts of customers, and whom a ticket waits for"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_RUNNING = sa.text("stopped_at IS NULL AND paused_at IS NULL")
_PAUSED = sa.text("stopped_at IS NULL AND paused_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("customers", sa.Column("contract", sa.Text(), nullable=True))
    op.add_column("tickets", sa.Column("contract", sa.Text(), nullable=True))
    op.add_column("tickets", sa.Column("waits_for", sa.Text(), nullable=True))
    op.create_table(
        "sla_clocks",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ticket_id", sa.Integer(), sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Float(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("paused_seconds", sa.Float(), nullable=False),
        sa.Column("parts_seconds", sa.Float(), nullable=False),
        sa.Column("warned", sa.JSON(), nullable=False),
        sa.Column("breached_at", UtcDateTime(), nullable=True),
        sa.UniqueConstraint("ticket_id", "round", "clock"),
    )
    for name, where in (("running", _RUNNING), ("paused", _PAUSED)):
        op.create_index(
            f"ix_sla_clocks_{name}", "sla_clocks", ["due_at"], sqlite_where=where, postgresql_where=where
        )
    _adopt()


_TICKETS = sa.table("tickets", *map(sa.column, ("id", "round", "state", "severity", "kind")))
_PROMISES = sa.table(
    "promises",
    *map(sa.column, ("id", "ticket_id", "kind", "key", "status")),
    sa.column("due_at", UtcDateTime()),
    sa.column("ended_at", UtcDateTime()),
    sa.column("payload", sa.JSON()),
)
_NOT_MET = {
    "sla_reply": ("filed",),
    "sla_solved": (
        *("filed", "accepted", "dispatched", "appointed"),
        *("on_site", "waiting_parts", "in_repair_centre", "revisit"),
    ),
}


def _adopt() -> None:
    """What was promised before keeps its due time, and what staff have heard they do not hear again."""
    bind = op.get_bind()
    groups: dict[tuple[int, str], list[sa.Row[Any]]] = {}
    for kind, states in _NOT_MET.items():
        for row in bind.execute(_open_promises(kind, states)):
            parts = row.key.split(":", 4)  # kind:number:round:severity:START:percent
            if len(parts) == 5 and parts[2] == str(row.round):
                mine = groups.setdefault((row.ticket_id, kind), [])
                # A deadline that was counted again took the place of the one before it.
                if mine and _start(mine[-1]) != _start(row):
                    mine.clear()
                mine.append(row)
    clocks = [_clock(rows) for rows in groups.values() if any(row.payload["percent"] >= 100 for row in rows)]
    if clocks:
        table = sa.Table("sla_clocks", sa.MetaData(), autoload_with=bind)
        for name in ("opened_at", "started_at", "due_at", "breached_at"):
            table.c[name].type = UtcDateTime()
        bind.execute(sa.insert(table), clocks)
    for rows in groups.values():
        for row in rows:
            now = {**row.payload, "round": row.round}
            bind.execute(sa.update(_PROMISES).where(_PROMISES.c.id == row.id).values(payload=now))


def _open_promises(kind: str, states: tuple[str, ...]) -> sa.Select[Any]:
    ticket = (_TICKETS.c.round, _TICKETS.c.severity, _TICKETS.c.kind.label("ticket_kind"))
    query = sa.select(_PROMISES, *ticket).join(_TICKETS, _TICKETS.c.id == _PROMISES.c.ticket_id)
    query = query.where(_PROMISES.c.kind == kind, _PROMISES.c.status != "cancelled")
    return query.where(_TICKETS.c.state.in_(states)).order_by(_PROMISES.c.id)


def _start(row: sa.Row[Any]) -> datetime:
    return datetime.fromisoformat(row.key.split(":", 4)[4].rpartition(":")[0])


def _clock(rows: list[sa.Row[Any]]) -> dict[str, object]:
    last = max(rows, key=lambda row: row.payload["percent"])
    started, ended = _start(last), {row.payload["percent"]: row.ended_at for row in rows if row.ended_at}
    working = last.ticket_kind == "complaint" and last.severity == "normal"
    cap = (1440 if working else 4320) * 60
    return {
        "ticket_id": last.ticket_id,
        "round": last.round,
        "clock": last.kind.removeprefix("sla_"),
        "opened_at": started,
        "started_at": started,
        "due_at": last.due_at,
        "mode": "working" if working else "calendar",
        "minutes": 1440.0 if working else (last.due_at - started).total_seconds() / 60,
        "policy": {"line": last.severity, "starts": "file", "met_by": "", "parts_cap_seconds": cap},
        "plan": 1,
        "pauses": [],
        "paused_seconds": 0.0,
        "parts_seconds": 0.0,
        "warned": {str(percent): at.isoformat() for percent, at in ended.items() if percent < 100},
        "breached_at": ended.get(100),
    }
