"""Applications: candidates apply and follow, HR decides, answers everyone and exports."""

from __future__ import annotations

from flask import Flask

from portal.applications import answers, apply, candidates, copies, equality, export, keeping, promises, sift
from portal.applications.admissions import backoffice as admissions
from portal.applications.admissions import jobs as admissions_jobs
from portal.applications.interviews import backoffice as interviews
from portal.applications.on_behalf import backoffice as on_behalf
from portal.applications.post_ending import backoffice as post_ending


def init_app(app: Flask) -> None:
    """Register what lies in the parts."""
    answers.init_app(app)
    apply.init_app(app)
    candidates.init_app(app)
    copies.init_app(app)
    equality.init_app(app)
    export.init_app(app)
    app.register_blueprint(admissions.blueprint)
    admissions_jobs.init_app(app)
    app.register_blueprint(interviews.blueprint)
    app.register_blueprint(on_behalf.blueprint)
    app.register_blueprint(post_ending.blueprint)
    keeping.init_app(app)
    promises.init_app(app)
    sift.init_app(app)
