"""The `portal` command: found without settings, the same for Flask, honest about what it refuses."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from portal.cli import main
from portal.core.cli import LOADED_WHEN_CALLED
from portal.core.database import Database
from tests.support.databases import TestDatabase
from tests.support.processes import environment

Env = dict[str, str]


@pytest.fixture
def production(db: Database, database: TestDatabase, tmp_path: Path) -> Env:
    return environment(tmp_path / "instance", database.url)


@pytest.fixture
def development(db: Database, database: TestDatabase, tmp_path: Path) -> Env:
    changes = {"PORTAL_MODE": "development", "BASE_URL": "", "SMTP_HOST": ""}
    return environment(tmp_path / "instance", database.url, **changes)


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands in exactly the environment that is given."""

    class Runner(CliRunner):
        def invoke(self, *args: str, env: Env, **_: object) -> Result:  # type: ignore[override]
            before = os.umask(0o022)
            monkeypatch.setattr(os, "environ", env)
            try:
                return super().invoke(main, args)
            finally:
                monkeypatch.undo()
                os.umask(before)

    return Runner()


def test_help_needs_no_settings(portal: CliRunner) -> None:
    result = portal.invoke("--help", env={})
    assert result.exit_code == 0, result.output
    for name in ("up", "serve", "worker", "db", "demo"):
        assert f"  {name} " in result.output
    assert portal.invoke("db", "--help", env={}).exit_code == 0


def test_help_with_settings_lists_the_features_commands_too(portal: CliRunner, production: Env) -> None:
    output = portal.invoke("--help", env=production).output
    assert "  staff " in output
    assert "  audit " in output


def test_a_command_that_needs_settings_names_every_missing_one(portal: CliRunner) -> None:
    result = portal.invoke("worker", env={})
    assert result.exit_code == 2
    for name in ("SECRET_KEY", "BASE_URL", "SMTP_HOST", "MAIL_FROM"):
        assert f"- {name}" in result.output
    assert "Traceback" not in result.output


def test_an_unknown_command_is_named(portal: CliRunner, production: Env) -> None:
    result = portal.invoke("sevre", env=production)
    assert result.exit_code == 2
    assert "sevre" in result.output


def test_flasks_own_command_line_has_the_same(app: Flask, runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["--help"])
    for name in (*LOADED_WHEN_CALLED, "audit", "staff"):
        assert f"  {name} " in result.output
    assert runner.invoke(args=["db", "check"]).exit_code == 0


def test_an_intact_audit_log_is_confirmed_and_a_changed_one_is_not(
    portal: CliRunner, production: Env, db: Database
) -> None:
    assert (
        portal.invoke("staff", "add", "a.person@example.org", "--role", "hr", env=production).exit_code == 0
    )
    result = portal.invoke("audit", "verify", env=production)
    assert result.exit_code == 0, result.output
    assert "all in order" in result.output
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE audit_events SET actor = 'somebody else' WHERE id = 1"))
    result = portal.invoke("audit", "verify", env=production)
    assert result.exit_code == 1
    assert "event 1" in result.output


def test_production_refuses_demonstration_data(portal: CliRunner, production: Env, db: Database) -> None:
    result = portal.invoke("demo", "load", env=production)
    assert result.exit_code == 1
    assert "production refuses" in result.output
    with db.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM staff_users")) == 0


def test_demonstration_data_is_loaded_once_into_an_empty_database(
    portal: CliRunner, development: Env, db: Database
) -> None:
    first = portal.invoke("demo", "load", env=development)
    assert first.exit_code == 0, first.output
    lines = [line for line in first.output.splitlines() if line.startswith("sign-in: ")]
    assert {line.split()[1] for line in lines} >= {"hr", "hiring_manager", "fostering", "admin"}
    assert all(len(line.split()) == 4 for line in lines)
    second = portal.invoke("demo", "load", env=development)
    assert second.exit_code == 1
    assert "records already" in second.output


def test_a_backup_and_its_restoring_by_command(
    portal: CliRunner, production: Env, sqlite_database: TestDatabase, tmp_path: Path
) -> None:
    sqlite_database.empty()
    env = {**production, "DATABASE_URL": sqlite_database.url}
    assert portal.invoke("staff", "add", "a.person@example.org", "--role", "hr", env=env).exit_code == 0
    result = portal.invoke("db", "backup", env=env)
    assert result.exit_code == 0, result.output
    file = Path(result.output.strip())
    assert file.parent == tmp_path / "instance" / "backups"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    refused = portal.invoke("db", "restore", str(file), env=env)
    assert (refused.exit_code, "--replace" in refused.output) == (1, True)
    result = portal.invoke("db", "restore", str(file), "--replace", env=env)
    assert result.exit_code == 0, result.output
    assert "before-restore" in result.output
    elsewhere = {**env, "DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere/portal.sqlite3"}
    result = portal.invoke("db", "restore", str(file), env=elsewhere)
    assert result.exit_code == 0, result.output
    assert "equals the models" in portal.invoke("db", "check", env=elsewhere).output


def test_what_a_database_refuses_is_a_sentence(portal: CliRunner, production: Env, tmp_path: Path) -> None:
    env = {**production, "DATABASE_URL": f"sqlite:///{tmp_path}/no/such/folder/portal.sqlite3"}
    result = portal.invoke("db", "current", env=env)
    assert result.exit_code == 1
    assert "Error: the database refused" in result.output
