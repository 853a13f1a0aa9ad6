"""The portal of a council's children's service: vacancies, applications, fostering enquiries."""

from __future__ import annotations

import os
from types import ModuleType

from flask import Flask

from portal import accounts, applications, fostering, inspections, journeys, models, pages, staff, vacancies
from portal.core import (
    access,
    assets,
    audit,
    audit_cut,
    components,
    context,
    database,
    error_pages,
    jobs,
    kept_facts,
    kept_words,
    logs,
    mail,
    page_cache,
    retention,
    routing,
    security,
    sessions,
    templating,
    throttle,
)
from portal.core import cli as core_cli
from portal.core.aliases import adapt_aliases
from portal.settings import Settings

FEATURES: tuple[ModuleType, ...] = (
    journeys,
    accounts,
    inspections,
    vacancies,
    applications,
    fostering,
    pages,
    staff,
)

__all__ = ["create_app", "models"]


def create_app(settings: Settings | None = None) -> Flask:
    """One application, ready to serve. Opens no connection and runs no query; raises SettingsError."""
    settings = settings or Settings.from_environment(os.environ)
    app = Flask("portal", static_folder=None, template_folder=None)
    app.jinja_environment = templating.Templates
    app.secret_key = settings.secret_key
    app.config["SECRET_KEY_FALLBACKS"] = list(settings.secret_key_fallbacks)
    context.init_app(app, settings)
    routing.init_app(app)
    init_storage(app, settings)
    init_guards(app, settings)
    init_pages(app, settings)
    for feature in FEATURES:
        feature.init_app(app)
    adapt_aliases()
    retention.init_app(app)
    core_cli.init_app(app)
    return app


def init_storage(app: Flask, settings: Settings) -> None:
    """Database, audit, sessions, and what leaves the house later."""
    database.init_app(app, settings.database_url)
    app.extensions["portal.database"].before_commit.append(audit.seal)
    sessions.init_app(app, secure=settings.secure)
    mail.init_app(app)
    audit_cut.init_app(app)
    jobs.init_app(app)
    throttle.init_app(app)


def init_guards(app: Flask, settings: Settings) -> None:
    """What looks at every request before a view, in this order, and at every answer."""
    logs.init_app(app, settings)
    security.init_app(app, settings)
    page_cache.init_app(app, settings)
    kept_facts.init_app(app)
    access.init_app(app)
    kept_words.init_app(app)


def init_pages(app: Flask, settings: Settings) -> None:
    """Templates, static files and error pages."""
    templating.init_app(app, settings)
    components.init_app(app)
    assets.init_app(app)
    error_pages.init_app(app)
