"""Alembic's entry: the engine is handed over by ``app.schema``, never read from a file."""

from alembic import context

from core.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=False,  # UtcDateTime is timestamptz on one engine and text on the other
)
with context.begin_transaction():
    context.run_migrations()
