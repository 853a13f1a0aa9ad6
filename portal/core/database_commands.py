"""`portal db …`: the schema, backups and restoring. Loaded only when called: Alembic takes half a second."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import SQLAlchemyError

from portal.core import backup, clock, migrating, schema
from portal.core.backup import BackupError
from portal.core.database import Database
from portal.paths import MIGRATIONS
from portal.settings import Settings

BACKUPS = "backups"


class DatabaseGroup(click.Group):
    """Turns what can go wrong with a database into a sentence and exit status 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (BackupError, migrating.MigrationFailed) as error:
            raise click.ClickException(str(error)) from error
        except SQLAlchemyError as error:
            reason = getattr(error, "orig", None) or error
            raise click.ClickException(f"the database refused, and is as it was: {reason}") from error


@click.group("db", cls=DatabaseGroup, short_help="Upgrade, check, back up and restore the database.")
def db() -> None:
    """Upgrade, check, back up and restore the database."""


@db.command()
@click.argument("revision", default="head")
@click.pass_obj
def upgrade(info: ScriptInfo, revision: str) -> None:
    """Bring the schema up to what this program needs; a backup of an SQLite database is made first."""
    database, settings = opened(info)
    before = revision_of(database)
    if before == (schema.head() if revision == "head" else revision):
        click.echo(f"the database is at {before}: nothing to do")
        return
    keep_copy(database, settings, before)
    migrating.upgrade(database, revision)
    click.echo(f"the database is at {revision_of(database)}")


@db.command()
@click.argument("revision")
@click.pass_obj
def downgrade(info: ScriptInfo, revision: str) -> None:
    """Take the schema back to REVISION (or “base”); a backup of an SQLite database is made first."""
    database, settings = opened(info)
    keep_copy(database, settings, revision_of(database))
    migrating.downgrade(database, revision)
    click.echo(f"the database is at {revision_of(database) or 'base'}")


@db.command()
@click.pass_obj
def current(info: ScriptInfo) -> None:
    """Show the database's revision and the one this program needs."""
    database, _ = opened(info)
    click.echo(f"database {revision_of(database) or 'empty'}, program {schema.head()}")


@db.command()
@click.pass_obj
def check(info: ScriptInfo) -> None:
    """Say whether the schema is at head and equals the models; exit status 1 when it does not."""
    database, _ = opened(info)
    with database.read_engine.connect() as connection:
        shortfall = schema.shortfall(connection)
    problems = [shortfall] if shortfall else migrating.differences(database)
    for problem in problems:
        click.echo(f"- {problem}", err=True)
    if problems:
        raise click.ClickException("the schema is not what this program needs")
    click.echo(f"the schema is at {schema.head()} and equals the models")


@db.command("backup")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Default: INSTANCE/backups."
)
@click.pass_obj
def back_up(info: ScriptInfo, folder: Path | None) -> None:
    """Write a checked backup while the portal runs, and print its file."""
    database, settings = opened(info)
    click.echo(backup.back_up(database, folder or settings.instance / BACKUPS, clock.now()))


@db.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Overwrite a database that holds data (it is backed up first).")
@click.pass_obj
def restore(info: ScriptInfo, file: Path, replace: bool) -> None:  # noqa: FBT001  # click passes options by name
    """Put the data of a backup in place. Stop the portal and its worker before."""
    database, settings = opened(info)
    if replace and backup.holds_data(database):
        click.echo(f"the present data is kept in {before_file(database, settings, 'before-restore')}")
    description = backup.restore(database, file, replace=replace)
    rows = sum(description.rows.values())
    click.echo(f"restored {rows} rows of {description.made_at}, schema {description.revision or 'empty'}")


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """For developers: write the next migration, from what the models have and the migrations have not."""
    if not (MIGRATIONS.parent / "pyproject.toml").is_file():
        raise click.ClickException("migrations are written in a checkout, not in an installed portal")
    number = f"{int(schema.head() or 0) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.sqlite3")
        try:
            migrating.upgrade(database)
            written = migrating.write_revision(database, re.sub(r"\W+", " ", message).strip(), number)
        finally:
            database.dispose()
    for file in written:
        click.echo(f"written {file.name}: read it, format it, run the tests")


def opened(info: ScriptInfo) -> tuple[Database, Settings]:
    """The application's database and settings; an instance folder is made when there is none."""
    app: Flask = info.load_app()
    settings: Settings = app.extensions["portal.settings"]
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    database: Database = app.extensions["portal.database"]
    return database, settings


def revision_of(database: Database) -> str | None:
    """The revision the database is at."""
    with database.read_engine.connect() as connection:
        return schema.current(connection)


def keep_copy(database: Database, settings: Settings, before: str | None) -> None:
    """Before the schema changes: a copy of an SQLite database that holds data. PostgreSQL has its own."""
    if database.is_sqlite and backup.holds_data(database):
        click.echo(f"the data so far is kept in {before_file(database, settings, f'before-{before}')}")


def before_file(database: Database, settings: Settings, label: str) -> Path:
    """A backup named for what comes next."""
    return backup.back_up(database, settings.instance / BACKUPS, clock.now(), label)
