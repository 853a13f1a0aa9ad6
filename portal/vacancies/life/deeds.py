"""What is done with one advert: a small page for each deed, with what it leads to and a confirmation.

All of them go the same way: the page carries the version that it showed. What somebody else did meanwhile
is shown first, beside what was about to be done, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.clock import london
from portal.core.context import current_actor, current_settings
from portal.core.database import database, transaction
from portal.core.errors import InvalidTransition, NotFound, StaleEdit
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.vacancies.life import forms, queries, service
from portal.vacancies.life.above import from_above
from portal.vacancies.life.approval import SecondPersonNeeded, why_not_approve, why_not_decide
from portal.vacancies.life.blueprint import address_of, blueprint
from portal.vacancies.life.history import Entry, entries_of
from portal.vacancies.life.page import Standing, standing_of
from portal.vacancies.life.queries import Seen, VacancyFile
from portal.vacancies.life.readiness import NotReady, refusals
from portal.vacancies.life.transitions import Action, why_not
from portal.vacancies.models import Vacancy
from portal.vacancies.options import Outcome

TEMPLATES = {
    Action.APPROVE: "vacancies/life/approve.html",
    Action.SEND_BACK: "vacancies/life/send_back.html",
    Action.EXTEND: "vacancies/life/extend.html",
    Action.CLOSE_EARLY: "vacancies/life/close_early.html",
    Action.CANCEL: "vacancies/life/cancel.html",
    Action.RECORD_OUTCOME: "vacancies/life/record_outcome.html",
    Action.ARCHIVE: "vacancies/life/archive.html",
}

Form = Any
Do = Callable[[Session, Vacancy, Form, dict[str, Any]], None]
"""Does it: session, the locked advert, the form, and `version`, `by` and `at`."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One advert as this request sees it."""

    found: VacancyFile
    standing: Standing
    at: datetime

    @property
    def vacancy(self) -> Vacancy:
        """The row."""
        return self.found.vacancy


def sight_of(reference: str, at: datetime) -> Sight:
    """The advert as it stands in the database at this moment; raises NotFound."""
    with database().reading() as session:
        found = queries.vacancy_file(session, reference)
    if found is None:
        raise NotFound
    team = current_settings().council.recruitment
    return Sight(found, standing_of(found, team, by=current_actor(), at=at), at)


def deed(
    action: Action, reference: str, make_form: Callable[..., Form], do: Do, **proposed: Any
) -> ResponseReturnValue:
    """Show the page of a deed, or do it."""
    at = clock.now()
    sight = sight_of(reference, at)
    carried = {"version": str(sight.vacancy.version), "seen": str(sight.found.seen), **proposed}
    form = make_form(typed_or_kept(), data=carried, facts={"vacancy": sight.vacancy})
    if form.validate_on_submit():
        said = {"version": form.seen_version, "by": current_actor(), "at": at}
        try:
            with form.catching():
                with transaction() as session:
                    do(session, locked(session, reference), form, said)
                forget_words()
                return see_other(".show", reference=reference, done=action.value)
        except StaleEdit:
            return stale_page(action, form, sight_of(reference, at))
        except (InvalidTransition, NotReady, SecondPersonNeeded) as refusal:
            return refused_page(action, sight_of(reference, at), refusal.facts), refusal.status
    reason = why_not_now(action, sight)
    if reason and not form.is_submitted():
        return refused_page(action, sight, reason)
    return deed_page(action, form, sight), form.status


def locked(session: Session, reference: str) -> Vacancy:
    """The advert to change; raises NotFound."""
    vacancy = queries.vacancy_to_change(session, reference)
    if vacancy is None:
        raise NotFound
    return vacancy


def why_not_now(action: Action, sight: Sight) -> dict[str, Any]:
    """What would refuse the deed if it were done now: a reason, or several; nothing if it may be done."""
    vacancy, by = sight.vacancy, current_actor()
    if why := why_not(action, sight.standing.status):
        return {"why": why}
    if action is Action.APPROVE and (why := why_not_approve(vacancy, sight.found.authors, by)):
        return {"why": why}
    if action is Action.SEND_BACK and (why := why_not_decide(vacancy, by)):
        return {"why": why}
    reasons = refusals(vacancy, sight.at) if action is Action.APPROVE else []
    return {"reasons": reasons} if reasons else {}


def deed_page(action: Action, form: Form, sight: Sight, news: list[Entry] | None = None) -> str:
    """The page of a deed around its form; `news` is what others did since it was opened."""
    return render_template(
        TEMPLATES[action],
        action=action,
        form=form,
        vacancy=sight.vacancy,
        standing=sight.standing,
        news=news,
        at=sight.at,
    )


def stale_page(action: Action, form: Form, sight: Sight) -> ResponseReturnValue:
    """What others did meanwhile, and the deed once more; 409. Where it is past, what can be done instead."""
    with database().reading() as session:
        revisions = queries.revisions_of(session, sight.vacancy.id)
    news = entries_of(sight.found.decisions, revisions, after=Seen(*form.seen_news))
    reason = why_not_now(action, sight)
    if reason:
        return refused_page(action, sight, {**reason, "typed": typed_in(form)}, news), 409
    form.version.parse(str(sight.vacancy.version))
    form.seen.parse(str(sight.found.seen))
    return deed_page(action, form, sight, news), 409


def typed_in(form: Form) -> str:
    """The words that would otherwise be lost."""
    texts = [form[name].data for name in ("comment", "other") if name in form]
    return "\n".join(text for text in texts if text)


def refused_page(action: Action, sight: Sight, facts: dict[str, Any], news: list[Entry] | None = None) -> str:
    """Why the deed is not possible, and what is."""
    standing, vacancy = sight.standing, sight.vacancy
    possible = [standing.first, *standing.actions] if standing.first else standing.actions
    return render_template(
        "vacancies/life/refused.html",
        action=action,
        vacancy=vacancy,
        standing=standing,
        why=facts.get("why", ""),
        reasons=facts.get("reasons", []),
        typed=facts.get("typed", ""),
        news=news or [],
        instead=[
            (other, address)
            for other in possible
            if other not in (action, Action.CHANGE) and (address := address_of(other, vacancy))
        ],
    )


@blueprint.route("/<reference:reference>/approve", methods=["GET", "POST"])
@requires("vacancies.approve")
@keeps_words
@words_return_to("staff_vacancies.approve")
def approve(reference: str) -> ResponseReturnValue:
    """Let it be published."""

    def do(session: Session, vacancy: Vacancy, _form: Form, said: dict[str, Any]) -> None:
        service.approve_vacancy(session, vacancy, **said)

    return deed(Action.APPROVE, reference, forms.ConfirmForm, do)


@blueprint.route("/<reference:reference>/send-back", methods=["GET", "POST"])
@requires("vacancies.approve")
@keeps_words
@words_return_to("staff_vacancies.send_back")
def send_back(reference: str) -> ResponseReturnValue:
    """Give it back with comments."""

    def do(session: Session, vacancy: Vacancy, form: Form, said: dict[str, Any]) -> None:
        open_copy = from_above().open_working_copy
        service.send_back_vacancy(session, vacancy, form.comment.data, open_copy=open_copy, **said)

    return deed(Action.SEND_BACK, reference, forms.SendBackForm, do)


@blueprint.route("/<reference:reference>/extend", methods=["GET", "POST"])
@requires("vacancies.write")
@keeps_words
@words_return_to("staff_vacancies.extend")
def extend(reference: str) -> ResponseReturnValue:
    """Move the closing time."""

    def do(session: Session, vacancy: Vacancy, form: Form, said: dict[str, Any]) -> None:
        service.extend_vacancy(session, vacancy, form.extension(), **said)

    vacancy = sight_of(reference, clock.now()).vacancy
    times = [code for code, _label in forms.EXTENDED_TIMES]
    closing = london(vacancy.closes_at).strftime("%H:%M") if vacancy.closes_at else ""
    proposed = {
        "closing_time": closing if closing in times else times[-1],
        "decision_promised_on": vacancy.decision_promised_on,
    }
    return deed(Action.EXTEND, reference, forms.ExtendForm, do, **proposed)


@blueprint.route("/<reference:reference>/close", methods=["GET", "POST"])
@requires("vacancies.write")
@keeps_words
@words_return_to("staff_vacancies.close")
def close(reference: str) -> ResponseReturnValue:
    """Close it before its time."""

    def do(session: Session, vacancy: Vacancy, form: Form, said: dict[str, Any]) -> None:
        service.close_vacancy_early(session, vacancy, form.comment.data, **said)

    announced = sight_of(reference, clock.now()).vacancy.may_close_early
    return deed(
        Action.CLOSE_EARLY, reference, forms.CloseForm if announced else forms.UnannouncedCloseForm, do
    )


@blueprint.route("/<reference:reference>/cancel", methods=["GET", "POST"])
@requires("vacancies.write")
@keeps_words
@words_return_to("staff_vacancies.cancel")
def cancel(reference: str) -> ResponseReturnValue:
    """End the recruitment."""

    def do(session: Session, vacancy: Vacancy, form: Form, said: dict[str, Any]) -> None:
        service.cancel_vacancy(session, vacancy, form.comment.data, **said)

    return deed(Action.CANCEL, reference, forms.CancelForm, do)


@blueprint.route("/<reference:reference>/outcome", methods=["GET", "POST"])
@requires("vacancies.write")
@keeps_words
@words_return_to("staff_vacancies.outcome")
def outcome(reference: str) -> ResponseReturnValue:
    """Note how it ended."""

    def do(session: Session, vacancy: Vacancy, form: Form, said: dict[str, Any]) -> None:
        chosen, posts = Outcome(form.outcome.data), form.posts_filled.data
        comment = form.comment.data
        service.record_outcome(session, vacancy, chosen, posts_filled=posts, comment=comment, **said)

    return deed(Action.RECORD_OUTCOME, reference, forms.OutcomeForm, do)


@blueprint.route("/<reference:reference>/archive", methods=["GET", "POST"])
@requires("vacancies.write")
@keeps_words
@words_return_to("staff_vacancies.archive")
def archive(reference: str) -> ResponseReturnValue:
    """Put it away, once everyone has been answered."""
    asked = service.could_be_applied_for(sight_of(reference, clock.now()).vacancy)

    def do(session: Session, vacancy: Vacancy, form: Form, said: dict[str, Any]) -> None:
        confirmed = asked and form.confirmed.data
        why_not = from_above().why_not_archive
        service.archive_vacancy(session, vacancy, why_not=why_not, confirmed=confirmed, **said)

    form = forms.ArchiveForm if asked else forms.QuietArchiveForm
    return deed(Action.ARCHIVE, reference, form, do)
