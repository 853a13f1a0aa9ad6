"""The kernel's commands, for `portal …` and `flask --app wsgi …` alike.

Commands that need more than the portal itself needs are loaded when they are called: Alembic and
gunicorn would cost every start half a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo

from portal.core import audit
from portal.core.database import Database

LOADED_WHEN_CALLED = {
    "db": "portal.core.database_commands:db",
    "serve": "portal.core.production:serve",
    "worker": "portal.core.worker_command:worker",
}


class Commands(AppGroup):
    """An application's commands, some of them known only by where they are."""

    def __init__(self, commands: Mapping[str, click.Command]) -> None:
        super().__init__(commands=dict(commands))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted({*self.commands, *LOADED_WHEN_CALLED})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by name, imported now if it was not yet."""
        return super().get_command(ctx, cmd_name) or load(cmd_name)


def load(name: str) -> click.Command | None:
    """One of the commands that are loaded when they are called, None for another name."""
    if name not in LOADED_WHEN_CALLED:
        return None
    module, _, attribute = LOADED_WHEN_CALLED[name].partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    return command


def init_app(app: Flask) -> None:
    """Add the kernel's commands to those of the features."""
    app.cli = Commands(app.cli.commands)
    app.cli.add_command(audit_group)


@click.group("audit", short_help="The audit log.")
def audit_group() -> None:
    """The audit log."""


@audit_group.command()
@click.pass_obj
def verify(info: ScriptInfo) -> None:
    """Check that no event was changed, removed or added behind the log's back; exit status 1 if one was."""
    app = info.load_app()
    database: Database = app.extensions["portal.database"]
    with database.reading() as session:
        verdict = audit.verify(session)
    if verdict.intact:
        click.echo(f"{verdict.count} events, all in order")
        return
    where = f"event {verdict.broken_at}" if verdict.broken_at else "the end of the log"
    raise click.ClickException(f"the audit log was tampered with: {where} does not fit what came before")
