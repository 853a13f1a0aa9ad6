"""The outbox: what waits to be sent to candidates, one answer, sending. Nothing leaves but by these POSTs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.answers import queries, service
from portal.applications.answers.forms import AnswerForm, EditForm, HoldForm, SendForm, chosen_of
from portal.applications.answers.pages import Place, answer_page, application_url, attempt
from portal.applications.answers.queries import MOST_LISTED, Answer
from portal.applications.veil import is_veiled, shown_name
from portal.core import clock
from portal.core.access import requires
from portal.core.clock import london
from portal.core.context import current_actor
from portal.core.database import read, small_write, transaction
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.text import carried_number

blueprint = Blueprint("staff_answers", __name__, url_prefix="/staff/applications/answers")

ONE = "/<reference:vacancy>/<reference:application>"


@blueprint.get("")
@requires("applications.release")
def index() -> ResponseReturnValue:
    """Vacancies whose applicants have answers waiting, and answers that came back."""
    at = clock.now()
    today = london(at).date()
    return render_template(
        "applications/answers/index.html",
        waiting=queries.waiting_by_vacancy(read(), at),
        undelivered=queries.undelivered_answers(read()),
        today=today,
        days_since=lambda at: (today - london(at).date()).days,
        application_url=application_url,
    )


@blueprint.get("/<reference:vacancy>")
@requires("applications.release")
def vacancy(vacancy: str) -> ResponseReturnValue:
    """What waits for one vacancy’s applicants."""
    found = queries.vacancy_of(read(), vacancy)
    answers = queries.waiting_of(read(), vacancy)
    note_listed(vacancy, "waiting", answers)
    at = clock.now()
    today = london(at).date()
    any_ready = any(answer.ready(at) for answer in answers)
    nothing = any_ready and request.args.get("nothing") == "1"
    html = render_template(
        "applications/answers/vacancy.html",
        at=at,
        nothing=nothing,
        vacancy=found,
        answers=answers,
        any_ready=any_ready,
        unreachable=[answer for answer in answers if not answer.reachable],
        most=MOST_LISTED,
        sent=carried_number(request.args.get("sent", "")),
        left=carried_number(request.args.get("left", "")),
        before=carried_number(request.args.get("before", "")),
        name_of=name_of,
        days_since=lambda at: (today - london(at).date()).days,
    )
    return html, 422 if nothing else 200


def note_listed(vacancy: str, listing: str, answers: list[Answer]) -> None:
    """The audit of a list of answers being shown, before it is."""
    facts: dict[str, Any] = {"listing": listing, "shown": len(answers)}
    with small_write("audit of a read") as writer:
        service.note_answers_listed(writer, vacancy, **facts, by=current_actor(), at=clock.now())


def name_of(answer: Answer) -> str:
    """What somebody is called: the reference under the veil."""
    application = answer.application
    return shown_name(application, is_veiled(application, application.vacancy.anonymise_shortlisting))


@blueprint.route("/<reference:vacancy>/send", methods=["GET", "POST"])
@requires("applications.release")
@keeps_words
@words_return_to("staff_answers.send")
def send(vacancy: str) -> ResponseReturnValue:
    """Several at once: how many, which are kept back; then exactly those that the page showed."""
    if request.args.get("some") and not request.args.getlist("only"):
        return see_other(".vacancy", vacancy=vacancy, nothing=1)
    form = SendForm(typed_or_kept())
    if form.validate_on_submit():
        shown = chosen_of(request.form.getlist("chosen"), MOST_LISTED)
        with transaction() as session:
            done = service.release_many(session, vacancy, shown, by=current_actor(), at=clock.now())
        forget_words()
        gone, before = (sum(one.why_not == why for one in done) for why in ("", service.SENT_BEFORE))
        left = len(done) - gone - before
        return see_other(".vacancy", vacancy=vacancy, sent=gone, left=left, before=before or None)
    answers = answers_chosen(vacancy)
    at = clock.now()
    context = {"vacancy": queries.vacancy_of(read(), vacancy), "name_of": name_of, "at": at}
    note_listed(vacancy, "sending", answers)
    ready = [answer for answer in answers if answer.ready(at)]
    kept_back = [answer for answer in answers if not answer.ready(at)]
    template = "applications/answers/send.html"
    return render_template(template, form=form, ready=ready, kept_back=kept_back, **context), form.status


def answers_chosen(vacancy: str) -> list[Answer]:
    """Those that were ticked or are being sent; all that wait where none was."""
    ticked = [value.upper() for value in request.args.getlist("only")]
    sending = [reference for reference, _version in chosen_of(request.form.getlist("chosen"), MOST_LISTED)]
    wanted = set(ticked or sending)
    waiting = queries.waiting_of(read(), vacancy)
    return [answer for answer in waiting if not wanted or answer.application.reference in wanted]


@blueprint.route(ONE, methods=["GET", "POST"])
@requires("applications.release")
@keeps_words
@words_return_to("staff_answers.answer")
def answer(vacancy: str, application: str) -> ResponseReturnValue:
    """The mail exactly as it would leave, and the button that sends it."""
    place, template = Place(vacancy, application), "applications/answers/answer.html"
    if request.method == "GET":
        found = place.answer()
        return answer_page(template, found, AnswerForm(data={"version": str(found.message.version)}))
    onwards = url_for(".vacancy", vacancy=vacancy, sent=1)
    return attempt(place, AnswerForm(), service.release_answer, template, onwards)


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
@requires("applications.release")
@keeps_words
@words_return_to("staff_answers.edit")
def edit(vacancy: str, application: str) -> ResponseReturnValue:
    """Other words."""
    place = Place(vacancy, application)
    message = place.answer().message
    known = {"version": str(message.version), "subject": message.subject, "body": message.body}
    form = EditForm(typed_or_kept(), data=known)

    def do(session: Session, answer: Answer, **said: Any) -> None:
        service.edit_answer(session, answer, form.subject.data, form.body.data, **said)

    return attempt(place, form, do, "applications/answers/edit.html", place.url("answer"))


@blueprint.route(f"{ONE}/hold", methods=["GET", "POST"])
@requires("applications.release")
@keeps_words
@words_return_to("staff_answers.hold")
def hold(vacancy: str, application: str) -> ResponseReturnValue:
    """Keep it from being sent."""
    place = Place(vacancy, application)
    message = place.answer().message
    known = {"version": str(message.version), "reason": message.held_reason or ""}
    form = HoldForm(typed_or_kept(), data=known)

    def do(session: Session, answer: Answer, **said: Any) -> None:
        service.hold_answer(session, answer, form.reason.data, **said)

    return attempt(place, form, do, "applications/answers/hold.html", place.url("answer"))


@blueprint.route(f"{ONE}/resume", methods=["GET", "POST"])
@requires("applications.release")
@keeps_words
@words_return_to("staff_answers.resume")
def resume(vacancy: str, application: str) -> ResponseReturnValue:
    """Let it be sent again."""
    place, template = Place(vacancy, application), "applications/answers/resume.html"
    form = AnswerForm(typed_or_kept(), data={"version": str(place.answer().message.version)})
    return attempt(place, form, service.resume_answer, template, place.url("answer"))
