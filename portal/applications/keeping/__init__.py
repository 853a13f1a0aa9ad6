"""How long applications are kept, what keeps them longer, and their going."""

from __future__ import annotations

from flask import Flask

from portal.applications.keeping import backoffice, jobs


def init_app(app: Flask) -> None:
    """Pages of legal holds, and the nightly deletion."""
    app.register_blueprint(backoffice.blueprint)
    jobs.init_app(app)
