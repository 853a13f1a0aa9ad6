"""What other programs read of the vacancies: structured data, feeds, calendars, the sitemap's facts."""

from __future__ import annotations

from flask import Flask

from portal.vacancies.feeds.public import feeds


def init_app(app: Flask) -> None:
    """Register the addresses."""
    app.register_blueprint(feeds)
