"""People: who may sign in, with which roles and single permissions; and one’s own password."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts import queries, service
from portal.accounts.forms import ChangePasswordForm, ConfirmForm, GrantForm, PersonForm, RolesForm
from portal.accounts.models import StaffUser
from portal.accounts.passwords import hash_password, password_matches
from portal.accounts.presence import renew_session
from portal.accounts.public import TRIES, WINDOW, words_about
from portal.accounts.roles import GRANT_LABELS, ROLE_LABELS
from portal.core import clock, throttle
from portal.core.access import requires, signed_in
from portal.core.context import current_actor
from portal.core.database import database, read, transaction
from portal.core.errors import InvalidTransition, NotFound, StaleEdit
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.mail import link_to
from portal.core.responses import see_other
from portal.core.security import keeps_words

blueprint = Blueprint("people", __name__, url_prefix="/staff")

WRONG_PASSWORD = "The current password is not right. Enter it again"  # noqa: S105  # a sentence, no secret


@blueprint.get("/people")
@requires("people.manage")
def listing() -> ResponseReturnValue:
    """Everybody who may sign in, and who may not any more."""
    return render_template("accounts/people.html", people=queries.people(read()), role_labels=ROLE_LABELS)


@blueprint.route("/people/add", methods=["GET", "POST"])
@requires("people.manage")
@keeps_words
@words_return_to("people.add")
def add() -> ResponseReturnValue:
    """A new person, and the link with which they set their password: shown once, on the answer."""
    form = PersonForm(typed_or_kept())
    if form.validate_on_submit():
        by, at = current_actor(), clock.now()
        with form.catching(), transaction() as session:
            person = service.add_person(
                session, email=form.email.data, name=form.name.data, roles=form.roles.data, by=by, at=at
            )
            token = service.make_password_link(session, person, by=by, at=at)
        if not form.errors:
            forget_words()
            return render_template(
                "accounts/link.html",
                person=person,
                link=link_to("accounts.set_password", token=token),
                added=True,
            )
    return render_template("accounts/add.html", form=form), form.status


@blueprint.get("/people/<number:person_id>")
@requires("people.manage")
def show(person_id: int) -> ResponseReturnValue:
    """One person: roles, permissions with their reasons, and what can be changed."""
    return person_page(found(person_id))


def person_page(person: StaffUser, notice: str = "") -> str:
    """The page of one person; `notice` says why nothing was changed just now."""
    person_id = person.id
    return render_template(
        "accounts/person.html",
        person=person,
        notice=notice,
        form=ConfirmForm(data={"version": str(person.version)}),
        grants=queries.grants_of(read(), person_id),
        role_labels=ROLE_LABELS,
        grant_labels=GRANT_LABELS,
        oneself=person_id == current_actor().id,
    )


@blueprint.route("/people/<number:person_id>/roles", methods=["GET", "POST"])
@requires("people.manage")
@keeps_words
@words_return_to("people.roles")
def roles(person_id: int) -> ResponseReturnValue:
    """Change somebody’s roles; what somebody else changed meanwhile is shown beside what was selected."""
    person, stale = found(person_id), False
    form = RolesForm(typed_or_kept(), data={"roles": person.roles, "version": str(person.version)})
    if form.validate_on_submit():
        try:
            with form.catching():
                save_roles(form, person_id)
                forget_words()
                return see_other("people.show", person_id=person_id)
        except StaleEdit:
            stale, person = True, found_anew(person_id)
            form.version.parse(str(person.version))
    page = render_template(
        "accounts/roles.html", form=form, person=person, stale=stale, role_labels=ROLE_LABELS
    )
    return page, 409 if stale else form.status


def save_roles(form: RolesForm, person_id: int) -> None:
    """Raises InvalidInput, StaleEdit and NotFound."""
    with transaction() as session:
        service.change_roles(
            session,
            locked(session, person_id),
            form.roles.data,
            version=form.seen_version,
            by=current_actor(),
            at=clock.now(),
        )


@blueprint.route("/people/<number:person_id>/permissions/add", methods=["GET", "POST"])
@requires("people.manage")
@keeps_words
@words_return_to("people.add_grant")
def add_grant(person_id: int) -> ResponseReturnValue:
    """Give one permission beside the roles, with the reason."""
    person = found(person_id)
    form = GrantForm(typed_or_kept(), data={"version": str(person.version)})
    if form.validate_on_submit():
        wanted = {
            "permission": form.permission.data,
            "reason": form.reason.data,
            "version": form.seen_version,
        }
        try:
            with form.catching(), transaction() as session:
                changed = locked(session, person_id)
                service.give_grant(session, changed, **wanted, by=current_actor(), at=clock.now())
        except StaleEdit:
            return stale_grant(form, found_anew(person_id))
        if not form.errors:
            forget_words()
            return see_other("people.show", person_id=person_id)
    return render_template("accounts/grant.html", form=form, person=person, stale=""), form.status


def stale_grant(form: GrantForm, person: StaffUser) -> ResponseReturnValue:
    """The form again, with what was typed, after somebody else changed the account."""
    form.version.parse(str(person.version))
    held = any(grant.permission == form.permission.data for grant in person.grants)
    stale = "held" if held else "changed"
    return render_template("accounts/grant.html", form=form, person=person, stale=stale), 409


@blueprint.post("/people/<number:person_id>/permissions/<number:grant_id>/remove")
@requires("people.manage")
def remove_grant(person_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a permission back; one that somebody else has just taken back is no missing page."""
    try:
        with transaction() as session:
            person = locked(session, person_id)
            service.remove_grant(session, person, grant_id, by=current_actor(), at=clock.now())
    except NotFound:
        if grant_id not in [grant.id for grant in queries.grants_of(read(), person_id)]:
            raise
        return person_page(found_anew(person_id), "taken_back"), 409
    return see_other("people.show", person_id=person_id)


@blueprint.post("/people/<number:person_id>/disable")
@requires("people.manage")
def disable(person_id: int) -> ResponseReturnValue:
    """End somebody’s access at once."""
    return change_access(person_id, service.disable, "disabled")


@blueprint.post("/people/<number:person_id>/enable")
@requires("people.manage")
def enable(person_id: int) -> ResponseReturnValue:
    """Let somebody sign in again."""
    return change_access(person_id, service.enable, "enabled")


def change_access(person_id: int, verb: Callable[..., None], wanted: str) -> ResponseReturnValue:
    """Disable or enable; what somebody else has changed meanwhile is shown, and said."""
    version, by, at = ConfirmForm().seen_version, current_actor(), clock.now()
    try:
        with transaction() as session:
            verb(session, locked(session, person_id), version=version, by=by, at=at)
    except StaleEdit:
        person = found_anew(person_id)
        return person_page(person, wanted if person.active == (wanted == "enabled") else "changed"), 409
    return see_other("people.show", person_id=person_id)


@blueprint.post("/people/<number:person_id>/password-link")
@requires("people.manage")
def make_link(person_id: int) -> ResponseReturnValue:
    """A new set-password link, shown on the answer and nowhere else: only its hash is kept."""
    try:
        with transaction() as session:
            person = locked(session, person_id)
            token = service.make_password_link(session, person, by=current_actor(), at=clock.now())
    except InvalidTransition:
        return person_page(found_anew(person_id), "no_link"), 409
    return render_template(
        "accounts/link.html", person=person, link=link_to("accounts.set_password", token=token), added=False
    )


@blueprint.route("/password", methods=["GET", "POST"])
@signed_in
@keeps_words
def change_password() -> ResponseReturnValue:
    """One’s own password; every other session of this person ends."""
    actor = current_actor()
    form = ChangePasswordForm(facts={"words": words_about(actor.name, actor.email)})
    if form.validate_on_submit() and proved(form):
        new_hash = hash_password(form.password.data)
        with transaction() as session:
            person = locked(session, actor.id or 0)
            service.set_password(session, person, new_hash, how="changed", by=actor, at=clock.now())
        renew_session(person)
        return see_other("people.password_changed")
    return render_template("accounts/change_password.html", form=form), form.status


@blueprint.get("/password/changed")
@signed_in
def password_changed() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("accounts/password_changed.html")


def proved(form: ChangePasswordForm) -> bool:
    """Whether the current password is right; a wrong one becomes an error of the form. Throttled."""
    actor, at = current_actor(), clock.now()
    throttle.hit("password change", str(actor.id), limit=TRIES, per=WINDOW, at=at)
    person = queries.person(read(), actor.id or 0)
    if person is not None and password_matches(person.password_hash, form.current.data):
        return True
    form.add_error("current", WRONG_PASSWORD)
    return False


def found(person_id: int) -> StaffUser:
    """The person for a page; raises NotFound."""
    person = queries.person(read(), person_id)
    if person is None:
        raise NotFound
    return person


def found_anew(person_id: int) -> StaffUser:
    """The person as somebody else has just left them, not as this request saw them; raises NotFound."""
    with database().reading() as session:
        person = queries.person(session, person_id)
    if person is None:
        raise NotFound
    return person


def locked(session: Session, person_id: int) -> StaffUser:
    """The person to change; raises NotFound."""
    person = queries.person_to_change(session, person_id)
    if person is None:
        raise NotFound
    return person
