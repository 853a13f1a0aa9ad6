"""Staff home, audit log, and what the worker could not do."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.applications.promises import queries as promises
from portal.core import clock
from portal.core.access import requires, signed_in
from portal.core.audit import VOCABULARY, AuditEvent
from portal.core.context import current_actor
from portal.core.database import database, read, transaction
from portal.core.jobs import parked_jobs, retry_job
from portal.core.mail import OutgoingMail, failed_mails, retry_mail, waiting_since
from portal.core.responses import see_other
from portal.staff import queries
from portal.staff.doors import doors_for
from portal.staff.forms import AuditForm, RetryForm, event_label

blueprint = Blueprint("staff", __name__, url_prefix="/staff")


def navigation() -> dict[str, Any]:
    """The doors for the layout’s navigation; public pages never load who is asking, and get none."""
    if "actor" not in g or not g.actor.signed_in:
        return {}
    return {
        "staff_doors": [
            ("Home", "staff.home"),
            *((door.label, door.endpoint) for door in doors_for(g.actor)),
        ],
        "words_returned": g.get("words_returned", False),
    }


@blueprint.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """One door for each thing this person may open, with what waits behind it."""
    session, actor, at = read(), current_actor(), clock.now()
    entries = [(door, door.figures(session, actor, at)) for door in doors_for(actor)]
    kept = None
    if actor.can("applications.read"):
        kept = promises.answered_on_time(session, actor, clock.london(at).date())
    return render_template("staff/home.html", entries=entries, kept=kept, months=promises.MONTHS)


@blueprint.get("/audit")
@requires("audit.read")
def audit_log() -> ResponseReturnValue:
    """Who did or read what, newest first."""
    form = AuditForm(request.args, meta={"csrf": False})
    filters = form.filters(request.args.get("before", ""))
    with database().reading() as session:
        page = queries.audit_page(session, filters) if form.validate() else queries.AuditPage((), None)
        verdict = queries.check_latest(session)
    return render_template(
        "staff/audit.html",
        form=form,
        entries=[(event, event_label(event.event), facts_of(event)) for event in page.events],
        verdict=verdict,
        checked=queries.CHECKED,
        older_url=address_from(page.next_before) if page.next_before else None,
        newest_url=address_from(None) if filters.before else None,
    ), form.status


@blueprint.get("/operations")
@requires("operations.read")
def operations() -> ResponseReturnValue:
    """Jobs and mail that were given up, and since when the oldest mail waits."""
    session = read()
    return render_template(
        "staff/operations.html",
        jobs=parked_jobs(session),
        mails=[(mail, domain_of(mail)) for mail in failed_mails(session)],
        waiting_since=waiting_since(session),
        given_up=queries.given_up(session),
        form=RetryForm(),
    )


@blueprint.post("/operations/jobs/<number:job_id>/retry")
@requires("operations.read")
def try_job_again(job_id: int) -> ResponseReturnValue:
    """Give a job another five attempts."""
    with transaction() as session:
        retry_job(session, job_id, by=current_actor(), at=clock.now())
    return see_other("staff.operations")


@blueprint.post("/operations/mails/<number:mail_id>/retry")
@requires("operations.read")
def try_mail_again(mail_id: int) -> ResponseReturnValue:
    """Let a mail be tried for another three days."""
    with transaction() as session:
        retry_mail(session, mail_id, by=current_actor(), at=clock.now())
    return see_other("staff.operations")


def address_from(before: int | None) -> str:
    """The audit log with the filters of this address, from the event before that one."""
    kept = {name: value for name, value in request.args.items() if name != "before" and value}
    place = {} if before is None else {"before": str(before)}
    # Not as arguments of url_for: among names that come from outside could be its own, such as _external.
    query = urlencode({**kept, **place})
    return url_for(".audit_log") + (f"?{query}" if query else "")


def facts_of(event: AuditEvent) -> list[tuple[str, str]]:
    """The facts of an event as words, in the order in which its keys were declared."""
    kind = VOCABULARY.get(event.event)
    declared = [key for key in kind.keys if key in event.facts] if kind else []
    keys = [*declared, *(key for key in event.facts if key not in declared)]
    return [(key.replace("_", " "), fact_text(event.facts[key])) for key in keys]


def fact_text(value: Any) -> str:
    """A fact as text: codes, counts, lists of codes, or a few named ones."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {fact_text(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(fact_text(part) for part in value) or "none"
    if isinstance(value, bool) or value is None:
        return "yes" if value else "no"
    return str(value)


def domain_of(mail: OutgoingMail) -> str:
    """Where a mail could not be delivered: enough to see a pattern, without showing whose it was."""
    return mail.to.rpartition("@")[2]
