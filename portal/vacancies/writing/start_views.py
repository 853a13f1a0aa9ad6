"""Beginning an advert, opening one to change it, previewing it, and settling two versions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.errors import InvalidInput, NotFound, StaleEdit
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.wording import moment
from portal.inspections.queries import evidence_cards
from portal.vacancies.advert import advert_of
from portal.vacancies.life.transitions import Action, require, why_not
from portal.vacancies.writing import queries, service
from portal.vacancies.writing.compare import pairs_of
from portal.vacancies.writing.desk import Desk, current_desk
from portal.vacancies.writing.preview import NEEDED, NO_CLOSING_TIME, mark_missing, missing_in, with_stand_ins
from portal.vacancies.writing.record import answers_of
from portal.vacancies.writing.start_forms import SeenVersionForm, StartForm, number_of
from portal.vacancies.writing.starting import Beginning, from_advert
from portal.vacancies.writing.texts import from_template

blueprint = Blueprint("vacancy_starting", __name__, url_prefix="/staff/vacancies")


@blueprint.route("/new", methods=["GET", "POST"])
@requires("vacancies.write")
@keeps_words
@words_return_to("vacancy_starting.new")
def new() -> ResponseReturnValue:
    """Begin an advert; it has a reference and can be left and found again from then on."""
    form = StartForm(typed_or_kept(), facts=start_facts(), data=proposed())
    if form.validate_on_submit():
        with form.catching():
            beginning = beginning_of(form)
            prefix = current_settings().council.recruitment.reference_prefix
            with transaction() as session:
                draft = service.start_draft(
                    session, beginning, prefix=prefix, by=current_actor(), at=clock.now()
                )
            forget_words()
            return see_other("vacancy_writing.start", reference=draft.reference)
    return render_template("vacancies/writing/new.html", form=form), form.status


def start_facts() -> dict[str, Any]:
    """The templates that there are."""
    return {"templates": [(str(template.id), template.name) for template in queries.templates(read())]}


def proposed() -> dict[str, str]:
    """What a link to this page has chosen already: which advert is to be copied or repeated."""
    for name, field in (("copy", "copied"), ("relist", "relisted")):
        if reference := request.args.get(name, ""):
            return {"begin_with": name, field: reference}
    template = request.args.get("template", "")
    return {"begin_with": "template", "template": template} if template else {}


def beginning_of(form: StartForm) -> Beginning:
    """What was chosen; raises InvalidInput for an advert that there is not, or that cannot be repeated."""
    match form.begin_with.data:
        case "template":
            template = queries.template(read(), number_of(form.template.data))
            if template is None:
                raise InvalidInput("template", "Select another template: this one was deleted meanwhile")
            return from_template(template)
        case "copy" | "relist":
            field = "copied" if form.begin_with.data == "copy" else "relisted"
            vacancy = queries.advert(read(), str(form[field].data).upper())
            if vacancy is None:
                raise InvalidInput(field, "Enter the reference of an advert that there is")
            action = Action.COPY if field == "copied" else Action.RELIST
            refuse_where_it_stands(field, action, vacancy)
            return from_advert(vacancy, relist=field == "relisted")
        case _:
            return Beginning()


def refuse_where_it_stands(field: str, action: Action, vacancy: Any) -> None:
    """Raise InvalidInput, with the reason, for what the advert's state does not allow."""
    reason = why_not(action, vacancy.status(clock.now()))
    if reason:
        raise InvalidInput(field, reason)


@blueprint.get("/<reference:reference>/change")
@requires("vacancies.write")
def continue_writing(reference: str) -> ResponseReturnValue:
    """The address of the button, opened on its own: the writing where it is open, else the advert."""
    desk = current_desk()
    if desk.draft is not None:
        return see_other("vacancy_writing.start", reference=reference)
    if desk.vacancy is None:
        raise NotFound
    return see_other("vacancy_starting.preview", reference=reference)


@blueprint.post("/<reference:reference>/change")
@requires("vacancies.write")
def change(reference: str) -> ResponseReturnValue:
    """Open a working copy of an advert, shared by everybody in HR; the open one where there is one."""
    at = clock.now()
    if current_desk().draft is None:
        vacancy = queries.advert(read(), reference)
        if vacancy is None:
            raise NotFound
        require(Action.CHANGE, vacancy, vacancy.status(at))
        with transaction() as session:
            found = queries.advert_to_change(session, vacancy.id)
            if found is None:
                raise NotFound
            service.open_working_copy(session, found, by=current_actor(), at=at)
    return see_other("vacancy_writing.start", reference=reference)


@blueprint.get("/<reference:reference>/preview")
@requires("vacancies.read")
def preview(reference: str) -> ResponseReturnValue:
    """The advert as the public will see it: as written so far, or with `?of=advert` as it was last sent."""
    desk = current_desk()
    if request.args.get("of") == "advert" and desk.draft is not None:
        desk = Desk(reference, desk.at, None)
    if desk.draft is None and desk.vacancy is None:
        raise NotFound
    facts = preview_facts(desk)
    page = render_template("vacancies/writing/preview.html", **facts)
    if NEEDED["closes_at"] in facts["missing"]:
        page = page.replace(moment(facts["vacancy"].closes_at), NO_CLOSING_TIME)
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def preview_facts(desk: Desk) -> dict[str, Any]:
    """What the public page is drawn from."""
    vacancy = desk.as_vacancy(desk.progress())
    missing = missing_in(vacancy)
    seen_at = with_stand_ins(vacancy, desk.at)
    advert = advert_of(vacancy, seen_at, None, evidence_cards(read(), vacancy.evidence))
    writes = current_actor().can("vacancies.write") and desk.draft is not None
    home = "vacancy_writing.start" if writes else "staff_vacancies.show"
    return {
        "advert": mark_missing(advert, missing),
        "vacancy": vacancy,
        "missing": [NEEDED[name] for name in missing],
        "is_draft": desk.draft is not None,
        "seen_at": seen_at,
        "home": url_for(home, reference=desk.reference),
    }


@blueprint.route("/<reference:reference>/versions", methods=["GET", "POST"])
@requires("vacancies.write")
@keeps_words
@words_return_to("vacancy_starting.versions")
def versions(reference: str) -> ResponseReturnValue:
    """Both versions of an advert that was changed while somebody wrote; the writer decides for the own."""
    form, desk, stale = SeenVersionForm(), current_desk(), False
    if desk.draft is None or desk.vacancy is None:
        raise NotFound
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.take_newer_as_base(session, reference, number_of(form.version.typed), clock.now())
            return see_other("vacancy_writing.check", reference=reference)
        except StaleEdit:
            stale = True
    pairs = pairs_of(desk.progress(answers_of(desk.vacancy)), desk.progress())
    context = {"pairs": pairs, "version": desk.vacancy.version, "reference": reference, "stale": stale}
    return render_template(
        "vacancies/writing/versions.html", form=form, **context
    ), 409 if stale else form.status
