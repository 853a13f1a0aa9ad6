"""What the pages of one answer share: the mail as it would leave, the attempt, what a conflict shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.applications.answers import queries, service
from portal.applications.answers.forms import AnswerForm
from portal.applications.answers.queries import Answer
from portal.applications.answers.wording import addressed
from portal.applications.veil import is_veiled, shown_name
from portal.core import clock
from portal.core.context import current_actor
from portal.core.database import read, small_write, transaction
from portal.core.errors import InvalidTransition, StaleEdit
from portal.core.kept_words import forget_words
from portal.core.mail import render_mail

Do = Callable[..., object]
"""Does it: session, the locked answer, `version`, `by` and `at`."""

APPLICATION_PAGE = "staff_applications.show"


@dataclass(frozen=True, slots=True)
class Place:
    """The answer that an address names."""

    vacancy: str
    application: str

    def answer(self) -> Answer:
        """The answer as it stands now, whatever this request has read before; raises NotFound."""
        read().close()
        return queries.current_answer(read(), self.vacancy, self.application)

    def url(self, page: str) -> str:
        """One of its pages."""
        return url_for(f"staff_answers.{page}", vacancy=self.vacancy, application=self.application)


def attempt(place: Place, form: AnswerForm, do: Do, template: str, onwards: str) -> ResponseReturnValue:
    """Do something with the answer, all or nothing, if the form is in order; else the page as typed."""
    if form.validate_on_submit():
        said = {"version": form.seen_version, "by": current_actor(), "at": clock.now()}
        try:
            with transaction() as session:
                do(session, queries.answer_to_change(session, place.vacancy, place.application), **said)
        except StaleEdit:
            answer = place.answer()
            form.version.parse(str(answer.message.version))
            return answer_page(template, answer, form, stale=True), 409
        except InvalidTransition as refusal:
            return refused_page(place, form, refusal.facts["why"]), 409
        forget_words()
        return redirect(onwards, 303)
    return answer_page(template, place.answer(), form), form.status


def answer_page(template: str, answer: Answer, form: AnswerForm, *, stale: bool = False, **more: Any) -> str:
    """One answer around a form; that it was read is noted."""
    with small_write("audit of a read") as writer:
        service.note_answer_read(writer, answer, by=current_actor(), at=clock.now())
    return render_template(template, form=form, stale=stale, **about(answer), **more)


def about(answer: Answer) -> dict[str, Any]:
    """The answer as staff may see it: the mail exactly, the person only once nobody is hidden any more."""
    message, application = answer.message, answer.application
    vacancy = application.vacancy
    veiled = is_veiled(application, vacancy.anonymise_shortlisting)
    words = message.body if veiled else addressed(message.body, application)
    subject, body = render_mail(service.TEMPLATE, {"subject": message.subject, "body": words})
    return {
        "answer": answer,
        "message": message,
        "vacancy": vacancy,
        "application": application,
        "name": shown_name(application, veiled),
        "recipient": "" if veiled else application.email,
        "subject": subject,
        "body": body,
        "outdated": answer.outdated(clock.now()) if answer.waits else "",
        "held": service.HELD if message.held_reason else "",
        "address": Place(vacancy.reference, application.reference).url,
        "application_url": application_url(vacancy.reference, application.reference),
    }


def application_url(vacancy: str, application: str) -> str:
    """The application’s own page, where changes are undone; empty while the portal has none."""
    if APPLICATION_PAGE not in current_app.view_functions:
        return ""
    return url_for(APPLICATION_PAGE, vacancy=vacancy, application=application)


def refused_page(place: Place, form: AnswerForm, why: str) -> str:
    """Why nothing was done, with what was typed."""
    return render_template(
        "applications/answers/refused.html",
        vacancy=queries.vacancy_of(read(), place.vacancy),
        reference=place.application,
        why=why,
        typed=[field for field in form.questions if field.typed],
        application_url=application_url(place.vacancy, place.application),
    )
