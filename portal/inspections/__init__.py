"""The Ofsted result: inspections, their judgements, and what was said in them."""

from __future__ import annotations

from flask import Flask

from portal.inspections import backoffice
from portal.inspections.drafting import backoffice as drafting


def init_app(app: Flask) -> None:
    """Register HR’s pages; what the public sees is shown by other features."""
    app.register_blueprint(backoffice.blueprint)
    app.register_blueprint(drafting.blueprint)
