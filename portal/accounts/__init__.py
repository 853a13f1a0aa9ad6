"""Staff accounts: sign-in, sessions, roles and single permissions."""

from __future__ import annotations

from flask import Flask

from portal.accounts import backoffice, commands, presence, public
from portal.core.access import load_actor_with


def init_app(app: Flask) -> None:
    """Register routes and commands, and tell the kernel who somebody is."""
    app.register_blueprint(public.blueprint)
    app.register_blueprint(backoffice.blueprint)
    app.cli.add_command(commands.staff)
    load_actor_with(app, presence.load_actor)
