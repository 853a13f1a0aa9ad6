"""`portal alerts …`: figures for whoever runs the portal, a look ahead, and erasure on request."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.core import clock
from portal.core.access import Actor
from portal.core.database import database, transaction
from portal.core.emails import parse_email
from portal.vacancies.alerts import queries, service
from portal.vacancies.alerts.models import StopReason

alerts = AppGroup("alerts", help="Messages about new vacancies.")
BY = Actor.system("portal alerts")


@alerts.command("status")
def status() -> None:
    """How many alerts there are, how many wait for the morning, and why people stopped. Numbers only."""
    with database().reading() as session:
        found = queries.figures(session, clock.now())
    for name, number in found.by_status.items():
        click.echo(f"{name}: {number}")
    click.echo(f"mailboxes: {found.mailboxes}")
    click.echo(f"due now: {found.due}")
    for code, number in found.stops.items():
        click.echo(f"stopped, “{StopReason(code).label}”: {number}")


@alerts.command("forget")
def forget() -> None:
    """Delete all that is known of an address; asks for it, so that no shell history keeps it."""
    try:
        email = parse_email(click.prompt("Email address"))
    except ValueError as error:
        raise click.ClickException("this is not an email address") from error
    with transaction() as session:
        known = service.forget_address(session, email, by=BY, at=clock.now())
    click.echo("Deleted." if known else "There was nothing under this address.")
