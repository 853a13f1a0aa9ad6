"""Alembic calls this for every command. The portal hands it a connection that is inside a transaction
(`portal db …`, tests); called by `alembic` itself it makes one from the environment's settings.
"""

import os

from alembic import context
from sqlalchemy import Connection

from portal.core.database import Database
from portal.core.migrating import comparison_options, migration
from portal.settings import Settings


def run(connection: Connection) -> None:
    """Migrate inside the transaction that `connection` is in."""
    context.configure(connection=connection, render_as_batch=True, **comparison_options(connection))
    with context.begin_transaction():
        context.run_migrations()


def run_from_environment() -> None:
    """Connect as the configuration or else the settings say, and leave no connection behind."""
    url = context.config.get_main_option("sqlalchemy.url")
    database = Database(url or Settings.from_environment(os.environ).database_url)
    try:
        with migration(database) as connection:
            run(connection)
    finally:
        database.dispose()


given = context.config.attributes.get("connection")
if context.is_offline_mode():
    raise SystemExit("Migrations are not written out as SQL: run portal db upgrade")
if given is not None:
    run(given)
else:
    run_from_environment()
