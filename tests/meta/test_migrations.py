"""Migrations: a straight line, up and down on both databases, equal to the models, all or nothing."""

from __future__ import annotations

import ast
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import inspect, text

from portal.cli import main
from portal.core import migrating, schema
from portal.core.database import Database
from portal.paths import MIGRATIONS
from tests.support.databases import TestDatabase
from tests.support.processes import environment

BREAKS_HALF_WAY = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade() -> None:
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO half (id) VALUES (1)")
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("half", sa.Integer()))
    op.execute("UPDATE jobs SET kind = 'changed'")
    op.execute("{last}")


def downgrade() -> None:
    pass
"""


@pytest.fixture
def empty(database: TestDatabase) -> Iterator[Database]:
    """A database with nothing in it."""
    with database.spare() as url:
        found = Database(url)
        try:
            yield found
        finally:
            found.dispose()


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def tables(database: Database) -> set[str]:
    database.engine.dispose()  # nothing cached in a connection
    with database.read_engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {schema.VERSION_TABLE}


def current(database: Database) -> str | None:
    with database.read_engine.connect() as connection:
        return schema.current(connection)


def test_migrations_are_one_line_and_named_for_their_revision() -> None:
    line = [(script.revision, script.down_revision) for script in scripts().walk_revisions()]
    numbers = [f"{number:04}" for number in range(len(line), 0, -1)]
    assert line == list(zip(numbers, [*numbers[1:], None], strict=True))
    for script in scripts().walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_a_migration_never_imports_the_program() -> None:
    for script in scripts().walk_revisions():
        tree = ast.parse(Path(script.path).read_text(encoding="utf-8"))
        imported = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {name for name in imported if name.split(".")[0] == "portal"}, script.path


def test_the_head_is_known_without_alembic() -> None:
    assert schema.head() == scripts().get_current_head()


def test_a_migrated_database_equals_the_models(empty: Database) -> None:
    migrating.upgrade(empty)
    assert migrating.differences(empty) == []
    with empty.read_engine.connect() as connection:
        assert schema.shortfall(connection) is None


def test_every_migration_goes_down_and_up_again(empty: Database) -> None:
    line = [script.revision for script in scripts().walk_revisions()][::-1]
    before: list[set[str]] = []
    for revision in line:
        before.append(tables(empty))
        migrating.upgrade(empty, revision)
        assert current(empty) == revision
    for revision, left in zip(reversed(line), reversed(before), strict=True):
        migrating.downgrade(empty, "-1")
        assert tables(empty) == left, f"after undoing {revision}"
    migrating.upgrade(empty)
    assert migrating.differences(empty) == []


def test_a_difference_is_found_and_named(empty: Database) -> None:
    migrating.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("DROP TABLE throttle_windows"))
        connection.execute(text("ALTER TABLE jobs ADD COLUMN odd INTEGER"))
    found = " | ".join(migrating.differences(empty))
    assert "throttle_windows" in found
    assert "odd" in found


@pytest.mark.parametrize(
    "last", ["INSERT INTO half (id) VALUES (1)", "SELECT nonsense", "INSERT INTO no_such_table VALUES (1)"]
)
def test_a_migration_that_fails_half_way_leaves_nothing_behind(
    empty: Database, tmp_path: Path, last: str
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    broken = BREAKS_HALF_WAY.format(head=schema.head(), last=last)
    (folder / "versions" / "9999_breaks.py").write_text(broken)
    migrating.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO jobs (kind, payload, run_at, attempts) VALUES ('kept', '{}', '2026-11-23', 0)")
        )
    before = tables(empty)
    with pytest.raises(Exception, match=r"half|nonsense|no_such_table"):
        migrating.upgrade(empty, folder=folder)
    assert tables(empty) == before
    assert current(empty) == schema.head()
    assert migrating.differences(empty) == []
    with empty.engine.connect() as connection:
        assert connection.scalars(text("SELECT kind FROM jobs")).all() == ["kept"]
        assert connection.dialect.name != "sqlite" or connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_rows_that_point_nowhere_after_a_migration_undo_it(sqlite_database: TestDatabase) -> None:
    def break_references(database: Database) -> None:
        with migrating.migration(database) as connection:
            connection.exec_driver_sql("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
            connection.exec_driver_sql("CREATE TABLE children (parent_id INTEGER REFERENCES parents (id))")
            connection.exec_driver_sql("INSERT INTO children VALUES (77)")

    with sqlite_database.spare() as url:
        database = Database(url)
        with pytest.raises(migrating.MigrationFailed, match="children"):
            break_references(database)
        assert tables(database) == set()
        database.dispose()


def test_the_command_backs_up_upgrades_checks_and_goes_back(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = empty.url.render_as_string(hide_password=False)
    monkeypatch.setattr(os, "environ", environment(tmp_path / "instance", url))

    def run(*arguments: str, status: int = 0) -> str:
        result = CliRunner().invoke(main, ["db", *arguments])
        assert result.exit_code == status, result.output
        return result.output

    head = schema.head()
    assert "empty" in run("current")
    assert "portal db upgrade" in run("check", status=1)
    assert f"at {head}" in run("upgrade")
    assert "nothing to do" in run("upgrade")
    assert "equals the models" in run("check")
    with empty.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO worker_heartbeats (name, seen_at) VALUES ('worker', '2026-11-23')")
        )
    assert "at 0001" in run("downgrade", "0001")
    backups = list((tmp_path / "instance" / "backups").glob(f"before-{head}-*.sqlite3"))
    assert len(backups) == (1 if empty.is_sqlite else 0)
    assert f"at {head}" in run("upgrade")
    assert "equals the models" in run("check")


def test_an_older_program_refuses_a_newer_database(empty: Database) -> None:
    migrating.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with empty.read_engine.connect() as connection:
        assert "newer than this program" in (schema.shortfall(connection) or "")
