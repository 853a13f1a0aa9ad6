"""Answers to candidates: written when a status changes, read and edited by HR, sent only when HR says so."""

from __future__ import annotations

from flask import Flask

from portal.applications.answers import backoffice


def init_app(app: Flask) -> None:
    """The outbox."""
    app.register_blueprint(backoffice.blueprint)
