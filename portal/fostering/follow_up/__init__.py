"""The fostering team's side: the queue in due order, one enquiry's page, contact attempts, exports."""

from flask import Flask

from portal.core.export_commands import export
from portal.fostering.follow_up.backoffice import blueprint
from portal.fostering.follow_up.commands import fostering
from portal.fostering.follow_up.moving import backoffice as moving


def init_app(app: Flask) -> None:
    """Register the staff pages and the command that exports."""
    app.register_blueprint(blueprint)
    app.register_blueprint(moving.blueprint)
    export.add_command(fostering)
    app.cli.add_command(export)
