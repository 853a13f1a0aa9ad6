"""The pages of a draft: its parts, its quotations, publishing and deleting it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Literal

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor, current_settings
from portal.core.database import database, read, transaction
from portal.core.errors import InvalidTransition, NotFound, StaleEdit
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.inspections import queries, service
from portal.inspections.adverts import adverts_naming
from portal.inspections.content import KEY, QUOTATIONS, fields_of
from portal.inspections.drafting.summary import differences, pages_of, quotations_of, title_of
from portal.inspections.forms import (
    FORMS,
    MOST_QUOTATIONS,
    TITLES,
    USUAL_LABELS,
    FactsForm,
    NewQuotationForm,
    PartForm,
    PublishForm,
    QuotationForm,
    SeenForm,
)
from portal.inspections.models import InspectionDraft
from portal.inspections.outlook import fingerprint, shown_of
from portal.journeys.answers import Answers, Item, Stored
from portal.journeys.snapshot import rows_of

blueprint = Blueprint("inspection_drafts", __name__, url_prefix="/staff/inspections")

Outcome = Literal["saved", "refused", "stale", "gone"]

NEW_KEY = re.compile(r"[A-Za-z0-9_-]{16,24}")


@blueprint.route("/new", methods=["GET", "POST"])
@requires("inspections.write")
@keeps_words
@words_return_to("inspection_drafts.new")
def new() -> ResponseReturnValue:
    """The facts of a new inspection; a draft exists once they were saved, wholly or half."""
    form = FactsForm(typed_or_kept(), data=usual_facts(read()))
    made: list[int] = []

    def write(session: Session) -> None:
        usual = {fields_of(area)[1]: label for area, label in USUAL_LABELS.items()}
        draft = service.start_draft(session, form.answers(), usual=usual, **who_and_when())
        made.append(draft.id)

    if form.is_submitted() and attempt(form, write) == "saved":
        return see_other(".show", draft_id=made[0])
    return edit_page(form, None, "A new inspection", back=url_for("staff_inspections.index"))


def usual_facts(session: Session) -> dict[str, Any]:
    """What the newest inspection says of the council; without one, its name."""
    known = next(iter(queries.records(session)), None)
    if known is None:
        return {"framework": "ILACS", "provider": current_settings().council.name}
    names = {"framework": known.framework, "provider": known.provider}
    return {**names, "urn": str(known.urn), "ons_code": known.ons_code}


@blueprint.get("/drafts/<number:draft_id>")
@requires("inspections.write")
def show(draft_id: int) -> ResponseReturnValue:
    """Everything that was typed, what is still missing, and where to go on."""
    draft = found(draft_id)
    outlook = queries.outlook_for(read(), draft, clock.today())
    return render_template(
        "inspections/staff/draft.html",
        draft=draft,
        title=title_of(draft),
        pages=pages_of(draft, outlook.reasons),
        quotations=quotations_of(draft, outlook.reasons),
        outlook=outlook,
        full=len(Answers.from_json(draft.answers).items.get(QUOTATIONS, ())) >= MOST_QUOTATIONS,
        said=request.args.get("said", ""),
    )


@blueprint.route("/drafts/<number:draft_id>/<slug:page>", methods=["GET", "POST"])
@requires("inspections.write")
@keeps_words
@words_return_to("inspection_drafts.page")
def page(draft_id: int, page: str) -> ResponseReturnValue:
    """One page of a draft."""
    if page not in FORMS:
        raise NotFound
    draft = draft_or_none(draft_id)
    stored = Answers.from_json(draft.answers).steps.get(page, {}) if draft else {}
    form = FORMS[page](typed_or_kept(), data={**stored, "seen": fingerprint(stored)})

    def write(session: Session) -> None:
        seen = str(form.seen.data)
        service.save_page(session, draft_id, page, form.answers(), seen=seen, **who_and_when())

    def stored_now(answers: Answers) -> Stored:
        return answers.steps.get(page, {})

    return edited(form, draft, draft_id, write=write, stored_now=stored_now, title=TITLES[page])


@blueprint.route("/drafts/<number:draft_id>/quotations/add", methods=["GET", "POST"])
@requires("inspections.write")
@keeps_words
@words_return_to("inspection_drafts.add_quotation")
def add_quotation(draft_id: int) -> ResponseReturnValue:
    """A new quotation; its key comes with the page, so that sending it twice adds it once."""
    form = NewQuotationForm(typed_or_kept(), data={"seen": fingerprint({})})
    sent = str(form.item_id.data or "")
    fits = NEW_KEY.fullmatch(sent) and not sent.startswith(KEY)
    key = sent if fits else secrets.token_urlsafe(12)
    form.item_id.parse(key)
    draft = draft_or_none(draft_id)
    full = draft is not None and len(quotations_of(draft, ())) >= MOST_QUOTATIONS
    if full and not Answers.from_json(draft.answers if draft else {}).item(QUOTATIONS, key):
        return see_other(".show", draft_id=draft_id)
    return quotation_edited(form, draft, draft_id, key, "Add a quotation")


@blueprint.route("/drafts/<number:draft_id>/quotations/<token:quotation>", methods=["GET", "POST"])
@requires("inspections.write")
@keeps_words
@words_return_to("inspection_drafts.quotation")
def quotation(draft_id: int, quotation: str) -> ResponseReturnValue:
    """A quotation to be changed; one that somebody else has just taken out comes back when it is saved."""
    draft = draft_or_none(draft_id)
    answers = Answers.from_json(draft.answers) if draft else Answers()
    item = answers.item(QUOTATIONS, quotation)
    if item is None and request.method != "POST":
        raise NotFound
    stored = item.answers if item else {}
    place = answers.items[QUOTATIONS].index(item) + 1 if item else None
    form = QuotationForm(typed_or_kept(), data={**stored, "place": place, "seen": fingerprint(stored)})
    return quotation_edited(form, draft, draft_id, quotation, "Change a quotation")


def quotation_edited(
    form: QuotationForm, draft: InspectionDraft | None, draft_id: int, key: str, title: str
) -> ResponseReturnValue:
    """Show a quotation’s page, or save it."""

    def write(session: Session) -> None:
        place = form.place.data if not form.place.problem else None
        answers = {name: value for name, value in form.answers().items() if name != "place"}
        item, seen = Item(key, answers), str(form.seen.data)
        service.save_quotation(session, draft_id, item, place=place, seen=seen, **who_and_when())

    def stored_now(answers: Answers) -> Stored:
        entry = answers.item(QUOTATIONS, key)
        return entry.answers if entry else {}

    return edited(form, draft, draft_id, write=write, stored_now=stored_now, title=title)


@blueprint.route("/drafts/<number:draft_id>/quotations/<token:quotation>/remove", methods=["GET", "POST"])
@requires("inspections.write")
def remove_quotation(draft_id: int, quotation: str) -> ResponseReturnValue:
    """Ask whether a quotation is to go, and take it out of the draft."""
    draft = found(draft_id)
    item = Answers.from_json(draft.answers).item(QUOTATIONS, quotation)
    form = SeenForm()
    if item is None:
        return see_other(".show", draft_id=draft_id)
    if form.validate_on_submit():
        with transaction() as session:
            service.remove_quotation(session, draft_id, quotation, **who_and_when())
        return see_other(".show", draft_id=draft_id)
    words = str(item.answers.get("words", ""))
    context = {"draft": draft, "form": form, "words": words}
    return render_template("inspections/staff/remove_quotation.html", **context), form.status


@blueprint.route("/drafts/<number:draft_id>/publish", methods=["GET", "POST"])
@requires("inspections.write")
@keeps_words
@words_return_to("inspection_drafts.publish")
def publish(draft_id: int) -> ResponseReturnValue:
    """The second look: what will change for the public, then it is public."""
    form, stale = PublishForm(typed_or_kept()), False
    if form.validate_on_submit():
        facts = {"seen": str(form.seen.data), "today": clock.today(), **who_and_when()}
        try:
            with transaction() as session:
                inspection_id = service.publish(session, draft_id, **facts).id
            forget_words()
            return see_other("staff_inspections.show", inspection_id=inspection_id, said="published")
        except NotFound:
            return gone_page(form)
        except (StaleEdit, InvalidTransition):
            stale = True
    draft = draft_anew(draft_id)
    if draft is None:
        return not_found_or_gone(form)
    return publish_page(draft, form, stale=stale)


def publish_page(draft: InspectionDraft, form: PublishForm, *, stale: bool) -> tuple[str, int]:
    """What stands against it, or what it will change; where something does, nothing is asked."""
    with database().reading() as session:
        outlook = queries.outlook_for(session, draft, clock.today())
        adverts = adverts_naming(session, outlook.lost, clock.now())
    refused = form.is_submitted() and bool(outlook.reasons)
    if refused and not form.token_refused:
        form = PublishForm(formdata=None)
    form.seen.parse(outlook.token)
    page = render_template(
        "inspections/staff/publish.html",
        draft=draft,
        title=title_of(draft),
        form=form,
        outlook=outlook,
        adverts=adverts,
        stale=stale,
    )
    return page, 409 if stale or (refused and not form.errors) else form.status


@blueprint.route("/drafts/<number:draft_id>/delete", methods=["GET", "POST"])
@requires("inspections.write")
def delete(draft_id: int) -> ResponseReturnValue:
    """Ask whether a draft is to go, and delete it; what is public stays."""
    form, stale = SeenForm(), False
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.delete_draft(session, draft_id, seen=str(form.seen.data), **who_and_when())
            return see_other("staff_inspections.index", said="deleted")
        except NotFound:
            return gone_page(form)
        except StaleEdit:
            stale = True
    draft = draft_anew(draft_id)
    if draft is None:
        return not_found_or_gone(form)
    form.seen.parse(str(draft.version))
    context = {"draft": draft, "title": title_of(draft), "form": form, "stale": stale}
    return render_template("inspections/staff/delete.html", **context), 409 if stale else form.status


# What several pages do


def edited(
    form: PartForm,
    draft: InspectionDraft | None,
    draft_id: int,
    *,
    write: Callable[[Session], None],
    stored_now: Callable[[Answers], Stored],
    title: str,
) -> ResponseReturnValue:
    """Show a page of a draft, or save it; what somebody else saved meanwhile stands beside what was typed."""
    outcome = attempt(form, write) if form.is_submitted() else "refused"
    if outcome == "saved":
        return see_other(".show", draft_id=draft_id)
    if outcome == "stale":
        draft = draft_anew(draft_id)
    if draft is None or outcome == "gone":
        return not_found_or_gone(form)
    back = url_for(".show", draft_id=draft_id)
    if outcome != "stale":
        return edit_page(form, draft, title, back=back)
    stored = stored_now(Answers.from_json(draft.answers))
    form.seen.parse(fingerprint(stored))
    answer = edit_page(form, draft, title, back=back, both=differences(form, stored))
    return answer[0], 409


def attempt(form: PartForm, write: Callable[[Session], None]) -> Outcome:
    """Save what was sent: once it is in order, or as it is where that was asked for."""
    valid = form.validate_on_submit()
    if form.token_refused or not (valid or request.form.get("later") == "1"):
        return "refused"
    try:
        with transaction() as session:
            write(session)
    except StaleEdit:
        return "stale"
    except NotFound:
        return "gone"
    forget_words()
    return "saved"


def edit_page(
    form: PartForm, draft: InspectionDraft | None, title: str, *, back: str, both: Any = ()
) -> tuple[str, int]:
    """A page of a draft around its form."""
    context: Mapping[str, Any] = {"form": form, "draft": draft, "title": title, "back": back, "both": both}
    return render_template("inspections/staff/edit.html", **context), form.status


def not_found_or_gone(form: SeenForm | PartForm) -> ResponseReturnValue:
    """A draft that is not there: 404, unless somebody was just sending something to it."""
    if request.method != "POST":
        raise NotFound
    return gone_page(form)


def gone_page(form: SeenForm | PartForm) -> ResponseReturnValue:
    """Somebody else has published or deleted the draft meanwhile: what was typed can be copied from here."""
    with database().reading() as session:
        records = queries.records(session)
    shown = shown_of([record for record in records if record.is_published])
    rows = [row for row in rows_of(form) if row["text"]] if isinstance(form, PartForm) else []
    return render_template("inspections/staff/gone.html", rows=rows, newest=shown.newest), 409


def found(draft_id: int) -> InspectionDraft:
    """The draft for a page; raises NotFound."""
    draft = draft_or_none(draft_id)
    if draft is None:
        raise NotFound
    return draft


def draft_or_none(draft_id: int) -> InspectionDraft | None:
    """The draft as this request saw it first."""
    return queries.draft_of(read(), draft_id)


def draft_anew(draft_id: int) -> InspectionDraft | None:
    """The draft as somebody else may just have left it."""
    with database().reading() as session:
        return queries.draft_of(session, draft_id)


def who_and_when() -> dict[str, Any]:
    """What every write is told."""
    return {"by": current_actor(), "at": clock.now()}
