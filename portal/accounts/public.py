"""Signing in and out, and setting a password with a one-time link."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts import queries, service
from portal.accounts.forms import NOT_SIGNED_IN, NewPasswordForm, SignInForm
from portal.accounts.models import StaffUser
from portal.accounts.passwords import hash_password, needs_new_hash, password_matches
from portal.accounts.presence import begin_session
from portal.core import clock, throttle
from portal.core.access import policy_of, public
from portal.core.context import client_address, current_actor, current_settings, visitor
from portal.core.database import read, transaction
from portal.core.errors import LinkExpired
from portal.core.kept_words import kept_words
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.sessions import destroy_session
from portal.core.way_back import WayBack, read_way_back

blueprint = Blueprint("accounts", __name__, url_prefix="/staff")

TRIES = 10
TRIES_IN_ALL = 600
"""Failed sign-ins of everybody together: far more than staff make, far fewer than guessing takes."""
TRIES_OF_AN_OFFICE = 100
"""Failed sign-ins from one network of people who are known there."""
WINDOW = timedelta(minutes=5)
EVERYBODY = "everybody"
KNOWN_NETWORK = "sign-in known network"
KNOWN_FOR = timedelta(days=30)
"""How long a network counts as an account’s own after a sign-in from it."""


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@keeps_words
def sign_in() -> ResponseReturnValue:
    """Ask who it is; somebody who is signed in already goes on to the doors."""
    token = request.args.get("next", "")
    form = SignInForm(data={"next": token if read_way_back(token) else ""})
    if current_actor().signed_in and not form.is_submitted():
        return see_other("staff.home")
    if form.validate_on_submit():
        at = clock.now()
        person = admit(form.email.data, form.password.data, at)
        if person is not None:
            begin_session(person, at)
            return redirect(destination(read_way_back(str(form.next.typed)), person), 303)
        form.add_error("password", NOT_SIGNED_IN)
    return render_template("accounts/sign_in.html", form=form, kept=kept_words() is not None), form.status


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session here and in the database; harmless for somebody who has none."""
    actor = current_actor()
    if actor.signed_in:
        with transaction() as writer:
            service.note_sign_out(writer, by=actor, at=clock.now())
    destroy_session()
    return see_other("accounts.signed_out")


@blueprint.get("/signed-out")
@public
def signed_out() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("accounts/signed_out.html")


@blueprint.route("/set-password/<token:token>", methods=["GET", "POST"])
@public
@keeps_words
def set_password(token: str) -> ResponseReturnValue:
    """A GET shows the form and uses nothing up: mail scanners open links. The POST works once."""
    at = clock.now()
    person = queries.person_with_link(read(), token, at)
    if person is None:
        raise LinkExpired
    form = NewPasswordForm(facts={"words": words_about(person.name, person.email)})
    if form.validate_on_submit():
        password_hash = hash_password(form.password.data)
        by = visitor()
        with transaction() as writer:
            service.set_password_by_link(writer, token, password_hash, by=by, at=at)
        return see_other("accounts.password_set")
    return render_template("accounts/set_password.html", form=form, person=person), form.status


@blueprint.get("/password-set")
@public
def password_set() -> ResponseReturnValue:
    """Say that it is done; the next step is to sign in with it."""
    return render_template("accounts/password_set.html")


def admit(email: str, password: str, at: datetime) -> StaffUser | None:
    """The person whose address and password these are, noted as signed in; None otherwise, noted as failed.

    The work is the same whether or not there is such an account. Raises TooManyRequests.
    """
    account, by = queries.account_name(email), visitor()
    known = count_try(account, at)
    person = queries.person_by_email(read(), account)
    person_id, kept = (person.id, person.password_hash) if person else (0, None)
    matched = password_matches(kept, password)
    new_hash = hash_password(password) if matched and kept and needs_new_hash(kept) else None
    with transaction() as writer:
        admitted = service.sign_in(writer, person_id, kept, new_hash, by=by, at=at) if matched else None
        if admitted is None:
            service.note_failed_sign_in(writer, service.account_key(account, secret()), by=by, at=at)
        else:
            give_back_try(writer, account, known=known, at=at)
    if admitted is not None and not known:
        throttle.forget("sign-in account", account)
    return admitted


def count_try(account: str, at: datetime) -> bool:
    """Count a try before the password is looked at; raises TooManyRequests. True from a known network.

    From where this account has signed in lately, only its own tries from there are limited, and the whole
    office’s together, far more widely: neither strangers nor colleagues who mistype keep an owner out of
    their usual place. Anywhere else account, address and total are met, each for five minutes at most,
    whatever is tried meanwhile. What one of the wider limits refuses does not count against the address.
    """
    address = throttle.network(client_address())
    known = throttle.remembered(KNOWN_NETWORK, known_key(account, address), per=KNOWN_FOR, at=at)
    own, *wider = limits(account, address, known=known)
    for scope, key, limit in wider:
        if not throttle.peek(scope, key, limit=limit, per=WINDOW, at=at):
            throttle.hit(scope, key, limit=limit, per=WINDOW, at=at)
    for scope, key, limit in (own, *wider):
        throttle.hit(scope, key, limit=limit, per=WINDOW, at=at)
    return known


def limits(account: str, address: str, *, known: bool) -> list[tuple[str, str, int]]:
    """Scope, key and number of the limits that a try meets, the narrowest first."""
    if known:
        return [
            ("sign-in usual place", known_key(account, address), TRIES),
            ("sign-in office", address, TRIES_OF_AN_OFFICE),
        ]
    return [
        ("sign-in address", address, TRIES),
        ("sign-in total", EVERYBODY, TRIES_IN_ALL),
        ("sign-in account", account, TRIES),
    ]


def give_back_try(writer: Session, account: str, *, known: bool, at: datetime) -> None:
    """A right password counts against nobody: a whole office signs in from one address at nine.

    The network is known from now on. (The account’s own window is forgotten afterwards.)
    """
    address = throttle.network(client_address())
    for scope, key, _limit in limits(account, address, known=known):
        if scope != "sign-in account":
            throttle.give_back(writer, scope, key, per=WINDOW, at=at)
    throttle.remember(writer, KNOWN_NETWORK, known_key(account, address), per=KNOWN_FOR, at=at)


def known_key(account: str, address: str) -> str:
    """An account at a network; kept only as a keyed hash."""
    return f"{account}\0{address}"


def destination(way: WayBack | None, person: StaffUser) -> str:
    """Where somebody was going when asked to sign in, if this person may go there; else the home page."""
    home = url_for("staff.home")
    if way is None:
        return home
    policy = policy_of(current_app, way.endpoint)
    if policy is None or (policy.permission and policy.permission not in person.permissions):
        return home
    return way.address() or home


def words_about(name: str, email: str) -> tuple[str, ...]:
    """What a guesser of this person’s password would try first."""
    council = current_settings().council
    return (name, email, council.name, council.service_name, council.directorate)


def secret() -> bytes:
    """The key under which account names are hashed for the audit."""
    return current_settings().secret_key.encode()
