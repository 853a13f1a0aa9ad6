"""Applications that stay while tests come and go: making one costs more than most tests."""

from __future__ import annotations

from functools import cached_property

from flask import Flask

from portal import create_app
from portal.core.database import Database
from tests.support import watch
from tests.support.databases import TestDatabase
from tests.support.settings import settings_for


class LastingApps:
    """Those of one database."""

    def __init__(self, database: TestDatabase) -> None:
        self.database = database
        self.made: list[Flask] = []

    @cached_property
    def shared(self) -> Flask:
        """The one of most tests."""
        return self.make()

    def make(self) -> Flask:
        """Another, with the settings of all tests."""
        app = create_app(settings_for(self.database.folder, self.database.url))
        app.testing = False  # as in production: an unexpected error becomes a page
        watch.attach(app)
        self.made.append(app)
        return app

    def let_go(self) -> None:
        """Close their connections: nobody may be connected to an SQLite file that is replaced."""
        for app in self.made:
            kept: Database = app.extensions["portal.database"]
            kept.dispose()
