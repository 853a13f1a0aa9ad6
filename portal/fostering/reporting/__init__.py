"""Figures about fostering enquiries: for the team, for a financial year, by month; and rows without names."""

from flask import Flask

from portal.fostering.reporting.backoffice import blueprint


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
