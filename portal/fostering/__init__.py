"""Fostering enquiries: information, the enquiry, the follow-up queue, clocks and exports."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from portal.fostering import follow_up, information_events, jobs, keeping, reporting
from portal.fostering.answering import backoffice as answering
from portal.fostering.enquire import public
from portal.fostering.limits import in_order
from portal.fostering.messages import backoffice as messages
from portal.fostering.messages import jobs as message_jobs
from portal.fostering.messages.told import backoffice as told
from portal.fostering.options import CareType
from portal.fostering.own import public as own
from portal.settings import Settings, SettingsError


def init_app(app: Flask) -> None:
    """Register the public pages, the staff pages and the work for later; raises SettingsError."""
    settings: Settings = app.extensions["portal.settings"]
    check_care_types(settings.council.fostering.care_types)
    if not in_order(settings.council.fostering):
        words = "COUNCIL_FILE: in [fostering.warnings]: amber comes before a target, and breach after it"
        raise SettingsError([words])
    public.init_app(app)
    follow_up.init_app(app)
    information_events.init_app(app)
    app.register_blueprint(messages.blueprint)
    app.register_blueprint(told.blueprint)
    app.register_blueprint(answering.blueprint)
    keeping.init_app(app)
    reporting.init_app(app)
    jobs.init_app(app)
    message_jobs.init_app(app)
    own.init_app(app)


def check_care_types(codes: Iterable[str]) -> None:
    """Refuse to start with a kind of care that nobody would ever be offered: a slip in the council's file."""
    known = [kind.value for kind in CareType]
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise SettingsError(
            [f"COUNCIL_FILE: in [fostering]: care_types: {', '.join(unknown)} is none of {', '.join(known)}"]
        )
