"""`portal staff …`: accounts from the command line, for the first administrator and for emergencies."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from portal.accounts import queries, service
from portal.accounts.models import StaffUser
from portal.accounts.passwords import hash_password, why_unsuitable
from portal.core import clock
from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.context import current_settings
from portal.core.database import database, transaction
from portal.core.emails import parse_email
from portal.core.errors import InvalidInput
from portal.core.mail import link_to

staff = AppGroup("staff", help="Add, list and change staff accounts.")

ROLES = click.Choice(list(ROLE_PERMISSIONS))
COMMAND = Actor.system("portal staff")


@staff.command("add")
@click.argument("email")
@click.option("--role", "roles", type=ROLES, multiple=True, required=True, help="Repeat for several roles.")
@click.option("--name", default="", help="How the person is shown; the part before the @ unless given.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(email: str, roles: Sequence[str], *, name: str, password_stdin: bool) -> None:
    """Add a member of staff, and print a link that sets the password once."""
    address, name = usable_email(email), " ".join(name.split()) or email.strip().split("@")[0]
    chosen = password_from_stdin(address, name) if password_stdin else None
    password_hash = hash_password(chosen) if chosen else None
    at, token = clock.now(), None
    try:
        with transaction() as session:
            person = service.add_person(session, email=address, name=name, roles=roles, by=COMMAND, at=at)
            if password_hash:
                service.set_password(session, person, password_hash, how="command", by=COMMAND, at=at)
            else:
                token = service.make_password_link(session, person, by=COMMAND, at=at)
    except InvalidInput as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"Added {person.email} ({', '.join(person.roles)}).")
    if token:
        print_link(token)


@staff.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a new one-time link that sets this person’s password; earlier links stop working."""
    with transaction() as session:
        person = person_named(session, email)
        if not person.active:
            raise click.ClickException("This account is disabled. Enable it first.")
        token = service.make_password_link(session, person, by=COMMAND, at=clock.now())
    print_link(token)


@staff.command("list")
def list_people() -> None:
    """List every account with its roles."""
    with database().reading() as session:
        for person in queries.people(session):
            state = "active" if person.active else "disabled"
            click.echo("\t".join([person.email, person.name, ", ".join(person.roles), state]))


@staff.command("role")
@click.argument("email")
@click.option("--role", "roles", type=ROLES, multiple=True, required=True, help="Repeat for several roles.")
def role(email: str, roles: Sequence[str]) -> None:
    """Replace somebody's roles; their sessions end."""
    with transaction() as session:
        person = person_named(session, email)
        service.change_roles(session, person, roles, version=person.version, by=COMMAND, at=clock.now())
    click.echo(f"{person.email} now has: {', '.join(person.roles)}.")


@staff.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """End somebody's access at once."""
    with transaction() as session:
        person = person_named(session, email)
        service.disable(session, person, version=person.version, by=COMMAND, at=clock.now())
    click.echo(f"{person.email} is disabled.")


@staff.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let somebody who was disabled sign in again."""
    with transaction() as session:
        person = person_named(session, email)
        service.enable(session, person, version=person.version, by=COMMAND, at=clock.now())
    click.echo(f"{person.email} can sign in again.")


def person_named(session: Session, email: str) -> StaffUser:
    """The person with this address, locked; a command that names nobody ends with a message."""
    found = queries.person_by_email(session, email)
    person = queries.person_to_change(session, found.id) if found else None
    if person is None:
        raise click.ClickException(f"There is no member of staff with the email address {email}")
    return person


def usable_email(typed: str) -> str:
    """The address as accounts keep it."""
    try:
        return queries.account_name(parse_email(typed))
    except ValueError as error:
        raise click.ClickException("The email address must be like name@example.com") from error


def password_from_stdin(email: str, name: str) -> str:
    """The first line of standard input, judged as on the page."""
    password = sys.stdin.readline().rstrip("\r\n")
    council = current_settings().council
    problem = why_unsuitable(password, (email, name, council.name, council.service_name))
    if problem:
        raise click.ClickException(problem)
    return password


def print_link(token: str) -> None:
    """Show the link once; it is stored nowhere."""
    click.echo("This link sets the password. It works once, within 24 hours:")
    click.echo(link_to("accounts.set_password", token=token))
