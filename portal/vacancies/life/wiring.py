"""Registers the staff pages of adverts and the command that exports them."""

from __future__ import annotations

from flask import Flask

from portal.core.export_commands import export
from portal.vacancies.life import backoffice, deeds
from portal.vacancies.life.above import Above, hand_over
from portal.vacancies.life.blueprint import blueprint
from portal.vacancies.life.lists import commands

ROUTES = (backoffice, deeds)
"""Modules whose views are on the blueprint once they are imported."""


def init_app(app: Flask, above: Above) -> None:
    """Register them, with what is handed over from above."""
    hand_over(app, above)
    app.register_blueprint(blueprint)
    export.add_command(commands.vacancies)
    app.cli.add_command(export)
