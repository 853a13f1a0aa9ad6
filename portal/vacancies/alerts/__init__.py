"""Alerts without an account: a search that writes when something new matches it.

`searches` says a search in words, `schedule` knows the mornings, `matching` and `sending` do the daily work
(`jobs` runs it), `keeping` asks after a year; `public` and `manage` are the pages.
"""

from flask import Flask

from portal.vacancies.alerts import jobs, manage
from portal.vacancies.alerts.commands import alerts
from portal.vacancies.alerts.public import blueprint


def init_app(app: Flask) -> None:
    """Register the pages, the work for later and the commands."""
    app.register_blueprint(blueprint)
    jobs.init_app(app)
    app.cli.add_command(alerts)


__all__ = ["init_app", "manage"]  # manage puts its pages on the blueprint
