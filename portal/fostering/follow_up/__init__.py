"""The fostering team's side: the queue in due order, one enquiry's page, contact attempts, exports."""

from flask import Flask

from portal.core.export_commands import export
from portal.fostering.follow_up.backoffice import blueprint
from portal.fostering.follow_up.board import backoffice as board
from portal.fostering.follow_up.calls import backoffice as calls
from portal.fostering.follow_up.commands import fostering
from portal.fostering.follow_up.concerns import backoffice as concerns
from portal.fostering.follow_up.corrections import backoffice as corrections
from portal.fostering.follow_up.entering import backoffice as entering
from portal.fostering.follow_up.first_call import backoffice as first_call
from portal.fostering.follow_up.handing_over import backoffice as handing_over
from portal.fostering.follow_up.hub import backoffice as hub
from portal.fostering.follow_up.linking import backoffice as linking
from portal.fostering.follow_up.moving import backoffice as moving
from portal.fostering.follow_up.owners import backoffice as owners
from portal.fostering.follow_up.owners import jobs as owners_jobs
from portal.fostering.follow_up.saved import backoffice as saved
from portal.fostering.follow_up.today import backoffice as today


def init_app(app: Flask) -> None:
    """Register the staff pages and the command that exports."""
    app.register_blueprint(blueprint)
    parts = (
        moving,
        owners,
        handing_over,
        corrections,
        linking,
        entering,
        calls,
        concerns,
        first_call,
        hub,
        board,
        saved,
        today,
    )
    for pages in parts:
        app.register_blueprint(pages.blueprint)
    owners_jobs.init_app(app)
    export.add_command(fostering)
    app.cli.add_command(export)
