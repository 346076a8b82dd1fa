"""How Alembic runs the migrations: in the transaction that the program opened, and in no other way."""

from alembic import context

from revisit.store.postgres.schema import VERSIONS

context.configure(connection=context.config.attributes["connection"], version_table=VERSIONS)
context.run_migrations()
