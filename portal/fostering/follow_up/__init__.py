"""The fostering team's side: the queue in due order, one enquiry's page, contact attempts, exports."""

from flask import Flask

from portal.fostering.follow_up.backoffice import blueprint


def init_app(app: Flask) -> None:
    """Register the staff pages."""
    app.register_blueprint(blueprint)
