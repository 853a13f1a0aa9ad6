"""`portal worker`: loaded only when called, with what sending mail needs."""

from __future__ import annotations

import click
from flask.cli import ScriptInfo

from portal.core import logs
from portal.core.serving import CannotServe, schema_shortfall
from portal.core.worker import Worker
from portal.settings import Settings


@click.command("worker", short_help="Send mail and run jobs.")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@click.pass_obj
def worker(info: ScriptInfo, once: bool) -> None:  # noqa: FBT001  # click passes options by name
    """Send mail, run jobs and do the nightly work until SIGTERM or Ctrl-C. Several may run at once."""
    app = info.load_app()
    settings: Settings = app.extensions["portal.settings"]
    logs.configure(settings)
    try:
        shortfall = schema_shortfall(settings.database_url)
    except CannotServe as error:
        raise click.ClickException(str(error)) from error
    if shortfall is not None:
        raise click.ClickException(shortfall)
    this = Worker(app)
    this.stop_on_signals()
    if once:
        this.run_until_idle()
    else:
        this.run()
