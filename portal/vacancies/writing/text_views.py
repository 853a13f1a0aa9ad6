"""Named texts to start from: the list, keeping, renaming, deleting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor
from portal.core.database import read, transaction
from portal.core.errors import NotFound, StaleEdit
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.vacancies.writing import queries, texts
from portal.vacancies.writing.desk import current_desk
from portal.vacancies.writing.models import VacancyTemplate
from portal.vacancies.writing.start_forms import KeepTemplateForm, RenameForm, SeenVersionForm, number_of

blueprint = Blueprint("vacancy_texts", __name__, url_prefix="/staff/vacancies")


@blueprint.get("/templates")
@requires("vacancies.write")
def listing() -> str:
    """Every template, by name."""
    return render_template("vacancies/writing/templates.html", templates=queries.templates(read()))


@blueprint.route("/<reference:reference>/save-as-template", methods=["GET", "POST"])
@requires("vacancies.write")
@keeps_words
@words_return_to("vacancy_texts.keep")
def keep(reference: str) -> ResponseReturnValue:
    """Keep the texts of writing in progress, or of an advert, as a template."""
    desk = current_desk()
    if desk.draft is None and desk.vacancy is None:
        raise NotFound
    facts = template_facts()
    only_way = {} if facts["templates"] else {"keep_as": "new"}
    form = KeepTemplateForm(typed_or_kept(), facts=facts, data=only_way)
    if form.validate_on_submit():
        with form.catching():
            return keep_texts(form, reference, desk.answers)
    return keep_page(form, reference)


def keep_texts(form: KeepTemplateForm, reference: str, answers: Any) -> ResponseReturnValue:
    """Under a new name, or in place of the version that the list showed."""
    facts: dict[str, Any] = {"source": reference, "by": current_actor(), "at": clock.now()}
    template_id, _, version = str(form.replaced.data or "").partition(".")
    try:
        with transaction() as session:
            if form.keep_as.data == "new":
                texts.save_as_template(session, str(form.name.data), answers, **facts)
            else:
                number, seen = number_of(template_id), number_of(version)
                texts.replace_template(session, number, seen, answers, **facts)
    except StaleEdit as stale:
        if not stale.facts:
            raise
        return keep_page(form, reference, stale)
    forget_words()
    return see_other(".listing")


def keep_page(form: KeepTemplateForm, reference: str, stale: StaleEdit | None = None) -> ResponseReturnValue:
    """The form, and what somebody did meanwhile."""
    facts = stale.facts if stale is not None else None
    page = render_template("vacancies/writing/keep.html", form=form, reference=reference, stale=facts)
    return page, 409 if stale else form.status


def template_facts() -> dict[str, Any]:
    """Templates as choices that carry the version that is shown."""
    found = queries.templates(read())
    return {
        "templates": [(str(template.id), template.name) for template in found],
        "versions": [(f"{template.id}.{template.version}", template.name) for template in found],
    }


@blueprint.route("/templates/<number:template_id>/rename", methods=["GET", "POST"])
@requires("vacancies.write")
@keeps_words
@words_return_to("vacancy_texts.rename")
def rename(template_id: int) -> ResponseReturnValue:
    """Give a template another name."""
    template, stale = wanted_template(template_id), False
    form = RenameForm(typed_or_kept(), data={"name": template.name, "version": str(template.version)})
    if form.validate_on_submit():
        seen, name = number_of(form.version.typed), str(form.name.data)
        with form.catching():
            try:
                with transaction() as session:
                    texts.rename_template(
                        session, template_id, seen, name, by=current_actor(), at=clock.now()
                    )
                forget_words()
                return see_other(".listing")
            except StaleEdit:
                stale = True
                form.version.parse(str(template.version))
    page = render_template("vacancies/writing/rename.html", form=form, template=template, stale=stale)
    return page, 409 if stale else form.status


@blueprint.route("/templates/<number:template_id>/delete", methods=["GET", "POST"])
@requires("vacancies.write")
@keeps_words
@words_return_to("vacancy_texts.delete")
def delete(template_id: int) -> ResponseReturnValue:
    """Ask, and delete the version that was shown."""
    template, stale = wanted_template(template_id), False
    form = SeenVersionForm(typed_or_kept(), data={"version": str(template.version)})
    if form.validate_on_submit():
        seen = number_of(form.version.typed)
        try:
            with transaction() as session:
                texts.delete_template(session, template_id, seen, by=current_actor(), at=clock.now())
            return see_other(".listing")
        except StaleEdit:
            stale = True
            form.version.parse(str(template.version))
    page = render_template("vacancies/writing/delete.html", form=form, template=template, stale=stale)
    return page, 409 if stale else form.status


def wanted_template(template_id: int) -> VacancyTemplate:
    """The template of the address; raises NotFound."""
    template = queries.template(read(), template_id)
    if template is None:
        raise NotFound
    return template
