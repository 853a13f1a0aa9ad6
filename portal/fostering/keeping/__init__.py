"""How long fostering records are kept, what keeps them longer, and their going (domain §8.2)."""

from __future__ import annotations

from flask import Flask

from portal.fostering.keeping import backoffice, jobs


def init_app(app: Flask) -> None:
    """Pages of what is due, of holds and erasure, and the deletion of what was approved."""
    app.register_blueprint(backoffice.blueprint)
    jobs.init_app(app)
