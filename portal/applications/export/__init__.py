"""Applications as files for HR: lists, the shortlisting grid, interviews, registration numbers."""

from __future__ import annotations

from flask import Flask

from portal.applications.export import backoffice, commands
from portal.core.export_commands import export


def init_app(app: Flask) -> None:
    """Register the pages and the command."""
    app.register_blueprint(backoffice.blueprint)
    export.add_command(commands.applications)
