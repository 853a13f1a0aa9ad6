"""Writing adverts: begun in several ways, shared by colleagues, previewed, sent for approval."""

from __future__ import annotations

from flask import Flask

from portal.core import jobs
from portal.vacancies.writing import backoffice, start_views, text_views
from portal.vacancies.writing.starting import forget_old_writing


def init_app(app: Flask) -> None:
    """Register the pages, and the night in which forgotten writing goes."""
    app.register_blueprint(backoffice.blueprint)
    app.register_blueprint(start_views.blueprint)
    app.register_blueprint(text_views.blueprint)
    jobs.register_nightly(app, "vacancies.forget_writing", forget_old_writing)
