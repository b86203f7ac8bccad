"""Alembic's entry: runs on the connection and in the transaction that storage.schema opened."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # storage.schema holds the one transaction around all steps
)
context.run_migrations()
