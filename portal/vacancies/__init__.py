"""Vacancies: adverts, the public search and, for HR, their whole life."""

from __future__ import annotations

from flask import Flask

from portal.inspections.adverts import ask_for_adverts
from portal.vacancies import alerts, feeds, writing
from portal.vacancies.evidence import adverts_with_evidence
from portal.vacancies.life import wiring
from portal.vacancies.life.above import Above, nobody_applied, nobody_waits
from portal.vacancies.public import vacancies
from portal.vacancies.writing.starting import open_working_copy


def init_app(app: Flask) -> None:
    """Register the public pages, and what lies in the parts."""
    app.register_blueprint(vacancies)
    feeds.init_app(app)
    alerts.init_app(app)
    writing.init_app(app)
    ask_for_adverts(app, adverts_with_evidence)
    wiring.init_app(app, Above(open_working_copy, nobody_waits, nobody_applied))
