"""The day by which an advert promised that everyone hears, and what happens around it."""

from __future__ import annotations

from flask import Flask

from portal.applications.promises import jobs


def init_app(app: Flask) -> None:
    """The watch."""
    jobs.init_app(app)
