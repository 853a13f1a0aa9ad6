"""The `portal` command: everything that runs, upgrades and looks after the portal.

`portal up` is the whole thing on one machine for a first look; the other commands are the same as
`flask --app wsgi …` has.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import ArgumentError

from portal import create_app, demo
from portal.core import cli as core_cli
from portal.core import clock, logs
from portal.core.children import Children
from portal.core.database import Database
from portal.core.development import serve_development
from portal.core.serving import CannotServe, listen, schema_shortfall
from portal.core.worker import Worker
from portal.settings import Settings, SettingsError

SECRET_FILE = "secret-key"  # noqa: S105  # a file's name


class Refused(click.ClickException):
    """The portal will not start like this: each problem on a line of its own, exit status 2."""

    exit_code = 2

    def __init__(self, problems: list[str]) -> None:
        super().__init__("the portal cannot start\n" + "\n".join(f"- {problem}" for problem in problems))


class Portal(click.Group):
    """The commands here, those of the kernel, and those of the features once the settings allow an app."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Give commands the application as Flask's own command line does."""
        extra.setdefault("obj", ScriptInfo(create_app=application, set_debug_flag=False))
        return super().make_context(info_name, args, parent, **extra)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by name; only a feature's needs the application to be found."""
        command = super().get_command(ctx, cmd_name) or core_cli.load(cmd_name)
        if command is not None:
            return command
        app = ctx.ensure_object(ScriptInfo).load_app()
        ctx.with_resource(app.app_context())
        return app.cli.get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them; without the features' when the settings do not allow an application."""
        names = {*super().list_commands(ctx), *core_cli.LOADED_WHEN_CALLED}
        try:
            app = ctx.ensure_object(ScriptInfo).load_app()
        except Refused:
            return sorted(names)
        return sorted(names | {*app.cli.list_commands(ctx)})


def application() -> Flask:
    """The application as the environment says; raises Refused."""
    settings = read_settings(os.environ)
    try:
        app = create_app(settings)
    except (ArgumentError, ImportError) as error:
        raise Refused([f"DATABASE_URL cannot be used ({type(error).__name__}): correct it"]) from error
    click.get_current_context().find_root().call_on_close(app.extensions["portal.database"].dispose)
    return app


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings, or Refused with everything that is wrong with them."""
    try:
        return Settings.from_environment(environ)
    except SettingsError as error:
        raise Refused(error.problems) from error


@click.group(cls=Portal)
@click.version_option(package_name="portal")
def main() -> None:
    """Run and look after the recruitment and fostering portal."""
    os.umask(0o077)  # databases, mails and backups hold personal data: nobody else on the machine reads them


@main.command()
def up() -> None:
    """Everything on this machine, with demonstration data: for a first look and for development."""
    try:
        sys.exit(run_all(os.environ))
    except CannotServe as error:
        raise Refused(error.problems) from error


def run_all(environ: Mapping[str, str]) -> int:
    """Prepare the database, start web and worker, say where, and wait; returns the exit status."""
    environ = development_environment(environ)
    settings = read_settings(environ)
    bound = listen(settings.host, settings.port)
    environ["PORT"] = str(bound.getsockname()[1])
    settings = read_settings(environ)
    logs.configure(settings)
    bring_up_to_date(settings, environ)
    app = create_app(settings)
    database: Database = app.extensions["portal.database"]
    with app.app_context():
        people = demo.sign_ins(database, settings, clock.now())
    database.dispose()
    children = Children()
    children.start("web", lambda: serve_development(app, bound))
    children.start("worker", lambda: run_worker(app))
    click.echo(settings.base_url)
    show_sign_ins(people)
    return children.wait()


def development_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for development, with a secret of this instance's own."""
    if environ.get("PORTAL_MODE") == "production":
        raise Refused(["PORTAL_MODE is production: run portal serve and portal worker there, not portal up"])
    found = {**environ, "PORTAL_MODE": "development"}
    if not found.get("SECRET_KEY"):
        found["SECRET_KEY"] = instance_secret(Path(found.get("INSTANCE") or "instance"))
    return found


def instance_secret(instance: Path) -> str:
    """A random secret, made once and kept where only its owner can read it."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = instance / SECRET_FILE
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as stream:
        stream.write(secrets.token_hex(32) + "\n")
    return file.read_text().strip()


def bring_up_to_date(settings: Settings, environ: Mapping[str, str]) -> None:
    """Migrate when needed, in a process of its own: Alembic is half a second that a warm start saves."""
    if schema_shortfall(settings.database_url) is None:
        return
    command = [sys.executable, "-m", "portal.cli", "db", "upgrade"]
    done = subprocess.run(command, env=dict(environ), stdout=sys.stderr, check=False)  # noqa: S603  # ourselves
    if done.returncode != 0:
        raise CannotServe(["the database could not be brought up to date; the reason stands above"])


def run_worker(app: Flask) -> None:
    """In the worker's process: work until told to stop."""
    worker = Worker(app)
    worker.stop_on_signals()
    worker.run()


def show_sign_ins(people: list[demo.SignIn]) -> None:
    """One line each, in a form that programs can read too."""
    for person in people:
        click.echo(f"sign-in: {person.role} {person.email} {person.password}")


@main.group("demo")
def demo_group() -> None:
    """Demonstration data."""


@demo_group.command("load")
@click.pass_obj
def load_demo(info: ScriptInfo) -> None:
    """Fill an empty database with fictional records and print the sign-ins. Never in production."""
    app = info.load_app()
    settings: Settings = app.extensions["portal.settings"]
    if settings.production:
        raise click.ClickException("production refuses demonstration data")
    try:
        with app.app_context():
            show_sign_ins(demo.load(app.extensions["portal.database"], settings, clock.now()))
    except demo.NotEmpty as error:
        raise click.ClickException("the database holds records already: use an empty one") from error


if __name__ == "__main__":
    main()
