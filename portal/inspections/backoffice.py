"""HR’s pages about inspections: the list, one record, and what changes the public’s view of it."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor
from portal.core.database import database, read, transaction
from portal.core.errors import InvalidTransition, NotFound, StaleEdit
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.inspections import queries, service
from portal.inspections.adverts import adverts_naming
from portal.inspections.drafting.summary import title_of
from portal.inspections.forms import SeenForm, WithdrawForm
from portal.inspections.models import Inspection
from portal.inspections.outlook import shown_of

blueprint = Blueprint("staff_inspections", __name__, url_prefix="/staff/inspections")


@blueprint.get("")
@requires("inspections.write")
def index() -> ResponseReturnValue:
    """Every inspection and draft, and what the public sees of them now."""
    session = read()
    records, drafts = queries.records(session), queries.drafts(session)
    return render_template(
        "inspections/staff/index.html",
        records=records,
        new_drafts=[(draft, title_of(draft)) for draft in drafts if draft.inspection_id is None],
        changes={draft.inspection_id: draft for draft in drafts},
        shown=shown_of([record for record in records if record.is_published]),
        today=clock.today(),
        said=request.args.get("said", ""),
    )


@blueprint.get("/<number:inspection_id>")
@requires("inspections.write")
def show(inspection_id: int) -> ResponseReturnValue:
    """One record as it is kept, with what can be done about it."""
    return record_page(found(inspection_id), said=request.args.get("said", ""))


def record_page(record: Inspection, *, said: str) -> str:
    """The page of a record; `said` names what has just happened to it."""
    with database().reading() as session:
        records, draft = queries.records(session), queries.draft_changing(session, record.id)
    return render_template(
        "inspections/staff/record.html",
        record=record,
        draft=draft,
        shown=shown_of([other for other in records if other.is_published]),
        form=SeenForm(formdata=None),
        today=clock.today(),
        said=said,
    )


@blueprint.post("/<number:inspection_id>/correct")
@requires("inspections.write")
def correct(inspection_id: int) -> ResponseReturnValue:
    """Open the draft that changes this record; nothing public changes yet."""
    with transaction() as session:
        draft = service.correct(session, inspection_id, by=current_actor(), at=clock.now())
        draft_id = draft.id
    return see_other("inspection_drafts.show", draft_id=draft_id)


@blueprint.post("/<number:inspection_id>/compared")
@requires("inspections.write")
def compared(inspection_id: int) -> ResponseReturnValue:
    """Note that somebody has compared the record with Ofsted’s site today."""
    with transaction() as session:
        service.mark_compared(session, inspection_id, by=current_actor(), at=clock.now(), today=clock.today())
    return see_other(".show", inspection_id=inspection_id, said="compared")


@blueprint.route("/<number:inspection_id>/withdraw", methods=["GET", "POST"])
@requires("inspections.write")
@keeps_words
@words_return_to("staff_inspections.withdraw")
def withdraw(inspection_id: int) -> ResponseReturnValue:
    """Ask why, say what the public will lose, and take the record back."""
    form, stale = WithdrawForm(typed_or_kept()), False
    if form.validate_on_submit():
        facts = {"seen": form.seen.data, "by": current_actor(), "at": clock.now()}
        try:
            with transaction() as session:
                draft = service.withdraw(session, inspection_id, form.reason.data, **facts)
                draft_id = draft.id
            forget_words()
            return see_other("inspection_drafts.show", draft_id=draft_id, said="withdrawn")
        except (StaleEdit, InvalidTransition):
            stale = True
    record = found_anew(inspection_id)
    if not record.is_published:
        return record_page(record, said="not_public"), 409
    return withdraw_page(record, form, stale=stale), 409 if stale else form.status


def withdraw_page(record: Inspection, form: WithdrawForm, *, stale: bool) -> str:
    """The question, with what will be lost."""
    with database().reading() as session:
        outlook = queries.outlook_without(record, queries.records(session))
        adverts = adverts_naming(session, outlook.lost, clock.now())
    form.seen.parse(outlook.token)
    return render_template(
        "inspections/staff/withdraw.html",
        record=record,
        form=form,
        outlook=outlook,
        adverts=adverts,
        stale=stale,
    )


def found(inspection_id: int) -> Inspection:
    """The record for a page; raises NotFound."""
    record = queries.record_of(read(), inspection_id)
    if record is None:
        raise NotFound
    return record


def found_anew(inspection_id: int) -> Inspection:
    """The record as somebody else may just have left it; raises NotFound."""
    with database().reading() as session:
        record = queries.record_of(session, inspection_id)
    if record is None:
        raise NotFound
    return record
