"""One move for several applications: chosen on the list, each judged on its own, with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.answers.queries import unsent_of
from portal.applications.options import ApplicationStatus as Status
from portal.applications.reasons import essential_criteria
from portal.applications.scope import is_hr
from portal.applications.sift import addresses, queries, service
from portal.applications.sift.backoffice import note_list
from portal.applications.sift.blueprint import blueprint
from portal.applications.sift.filters import read_place
from portal.applications.sift.forms import MOST_ROWS, ManyForm
from portal.applications.sift.links import outbox_of
from portal.applications.sift.moves import FOR_MANY, ahead, knows, refusal
from portal.applications.sift.rows import listed
from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor
from portal.core.database import database, read
from portal.core.errors import StaleEdit
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words

JUDGED = "applications.judged"
"""What became of the last change of several, in the session’s row: references and reasons, no names."""


@blueprint.route("/<reference:vacancy>/change", methods=["GET", "POST"])
@requires("applications.decide")
@keeps_words
@words_return_to("staff_applications.change")
def change(vacancy: str) -> ResponseReturnValue:
    """The same change for each application that was chosen on the list."""
    to = next((status for status in FOR_MANY if status.value == request.args.get("to")), None)
    head, rows, advert = chosen_now(vacancy, chosen_references() if to else [])
    if request.method == "GET" and not rows:
        return redirect(nothing_chosen(vacancy), 303)
    to = to or FOR_MANY[0]
    form = form_for(to, rows, advert)
    judged: list[service.Judged] = []
    attempted = attempt(form, lambda writer: judged.extend(judge(writer, vacancy, to, form)))
    if attempted is Attempt.DONE:
        keep_judged(vacancy, to, judged)
        return see_other(".changed", vacancy=vacancy)
    head, rows, advert = chosen_now(vacancy, chosen_references())
    return many_page(form, to, head, rows, stale=attempted is Attempt.STALE)


def chosen_references() -> list[str]:
    """What the address names, without what is no reference."""
    named = [read_place(text) for text in request.args.getlist("ref")[:MOST_ROWS]]
    return list(dict.fromkeys(reference for reference in named if reference))


def chosen_now(
    reference: str, references: Sequence[str]
) -> tuple[queries.VacancyHead, Sequence[Any], dict[str, Any]]:
    """Vacancy, chosen rows as they stand at this moment, and the advert of the first; raises NotFound."""
    with database().reading() as reader:
        head = queries.vacancy_head(reader, reference, current_actor())
        rows = queries.chosen_rows(reader, head.id, references)
        advert = queries.advert_of(reader, head.id, rows[0].reference) if rows else {}
    return head, rows, advert


def nothing_chosen(reference: str) -> str:
    """The list again, which says that something is missing and keeps what was chosen."""
    return addresses.list_with(reference, nothing="1")


def form_for(to: Status, rows: Sequence[Any], advert: dict[str, Any]) -> ManyForm:
    """What was typed; else the rows as the page shows them."""
    facts = {"to": to, "hr": is_hr(current_actor()), "criteria": essential_criteria(advert)}
    form = ManyForm(typed_or_kept(), facts=facts)
    if not form.is_submitted() and not form.chosen():
        form.carry(rows)
    return form


def judge(writer: Session, reference: str, to: Status, form: ManyForm) -> list[service.Judged]:
    """Move what can be moved; raises StaleEdit, before anything is done, where the page was out of date."""
    by, versions = current_actor(), form.chosen()
    locked = queries.applications_to_change(writer, reference, list(versions), by=by)
    if (
        not versions
        or len(locked) != len(versions)
        or any(versions[one.reference] != one.version for one in locked)
    ):
        raise StaleEdit(reference=reference)
    entered = form.entered()
    facts = {"reasons": entered["reasons"], "note": entered["note"], "criteria": form.facts["criteria"]}
    return service.change_many(writer, locked, to, by=by, at=clock.now(), **facts)


def many_page(
    form: ManyForm, to: Status, head: queries.VacancyHead, rows: Sequence[Any], *, stale: bool
) -> ResponseReturnValue:
    """The page of the change, with what will happen to each; after another’s change with what is new."""
    shown = form.chosen()
    news = {row.reference for row in rows if row.version != shown.get(row.reference)} if stale else set()
    if stale:
        form.carry(rows)
    note_list(head.reference, "change", shown=len(rows))
    by = current_actor()
    judged = [
        (
            listed(row, anonymised=head.anonymised),
            refusal(row.status, to, by, ahead(row.interview_at, clock.now()), known=knows(row)),
        )
        for row in rows
    ]
    html = render_template(
        "applications/sift/change.html",
        form=form,
        to=to,
        vacancy=head,
        judged=judged,
        possible=sum(not why for _row, why in judged),
        news=news,
        stale=stale,
        unsent=unsent_of(read(), [row.reference for row, why in judged if not why]),
        outbox=outbox_of(head.reference, by),
        back=addresses.list_with(head.reference),
    )
    return html, 409 if stale else form.status


def keep_judged(reference: str, to: Status, judged: list[service.Judged]) -> None:
    """Remember for the next page what became of each."""
    session[JUDGED] = {
        "vacancy": reference,
        "to": to.value,
        "query": addresses.list_query(),
        "rows": [[one.reference, one.why_not] for one in judged],
    }


@blueprint.get("/<reference:vacancy>/changed")
@requires("applications.decide")
def changed(vacancy: str) -> ResponseReturnValue:
    """What the last change of several did, and what it did not do and why."""
    head, kept = chosen_now(vacancy, [])[0], session.get(JUDGED)
    if not kept or kept["vacancy"] != vacancy:
        return see_other(".vacancy", vacancy=vacancy)
    rows = [(one, why) for one, why in kept["rows"]]
    return render_template(
        "applications/sift/changed.html",
        vacancy=head,
        to=Status(kept["to"]),
        done=[one for one, why in rows if not why],
        left=[(one, why) for one, why in rows if why],
        query=kept["query"],
    )
