"""The pages of any journey: one set of views for all of them.

A GET writes nothing: the first POST creates the draft. A POST that cannot be accepted shows what was
typed with status 422. A page that cannot be seen yet leads to the first one that is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue

from portal.core.database import read, transaction
from portal.core.errors import AlreadySubmitted, StaleEdit, TooManyRequests
from portal.core.forms import Honeypot, PortalForm
from portal.core.sessions import forget_visitor, visitor_key
from portal.journeys import service
from portal.journeys.engine import AnyStep, RepeatingStep
from portal.journeys.entries import EntryViews
from portal.journeys.forms import ListForm, completion_of, version_field, with_completion, with_version
from portal.journeys.meanwhile import Difference, Overtaken, mark_seen, seen_on
from portal.journeys.models import Draft
from portal.journeys.pages import comes_back_later
from portal.journeys.summary import check_sections, item_cards, task_list
from portal.journeys.visit import Visit

TIME_TO_COME_BACK = timedelta(minutes=15)
"""How long answers are kept beyond a wait that somebody was asked for."""

CHANGED_MEANWHILE = (
    "Your answers have changed since this page was shown. Check them again before you send them"
)


class JourneyViews(EntryViews):
    """The views of one journey; blueprint.py says which address leads to which."""

    # The journey as a whole

    def start(self) -> ResponseReturnValue:
        """The start page or the task list; without a start page, where somebody left off.

        Answers that wait are not opened at once: on a shared device they may be somebody else's.
        """
        visit = Visit(self.hooks)
        if visit.sent:
            return visit.go("confirmation")
        templates = self.hooks.templates
        if visit.journey.is_task_list:
            context: dict[str, Any] = {"ready": visit.progress.ready, "unfinished": visit.unfinished}
            context["tasks"] = task_list(visit.progress, visit.url)
            return self.page(visit, templates.task_list, **context, back=visit.home)
        if templates.start is None:
            return visit.go_to_missing(**visit.noted)
        if visit.draft is None:
            return self.page(visit, templates.start, back=visit.home)
        return self.page(visit, templates.resume, onward=visit.onward, back=visit.home)

    # Steps

    def step(self, step: str) -> ResponseReturnValue:
        """A page of questions, or the list of a repeating step."""
        visit = Visit(self.hooks)
        found = visit.step(step)
        if request.method == "POST":
            return self.save(visit, found)
        if visit.sent:
            return visit.go("confirmation")
        if not visit.progress.may_see(found):
            return visit.go_to_missing(**visit.noted)
        words = visit.returned_words()
        form = self.step_form(visit, found, formdata=words, data=visit.stored(found))
        if words is None:
            mark_seen(form, visit.answers.steps.get(found.slug))
        return self.show_step(visit, found, form)

    def step_form(self, visit: Visit, step: AnyStep, **options: Any) -> PortalForm:
        """The form of a step's page, with the question that ends a section where it stands last."""
        form = ListForm if isinstance(step, RepeatingStep) else visit.guarded(step.form)
        asks = visit.progress.asks_completion(step)
        if asks and request.method == "POST":
            # What is being sent may open another page of the section: then this one is not the last.
            asks = visit.ahead(step, visit.form(form).answers()).asks_completion(step)
        return visit.form(with_completion(form) if asks else form, **options)

    def save(self, visit: Visit, step: AnyStep) -> ResponseReturnValue:
        """Accept a page, or half of it in a task list; else show it again with what was typed."""
        form = self.step_form(visit, step)
        if visit.sent:
            return self.too_late(visit, form)
        valid, later = form.validate_on_submit(), comes_back_later(visit)
        if valid and not later and isinstance(step, RepeatingStep):
            for problem in visit.progress.list_problems(step):
                form.add_error(None, problem)
        if form.token_refused or (form.errors and not later):
            return self.show_step(visit, step, form)
        completed = completion_of(form, later=later)
        try:
            with transaction() as session:
                draft = service.save_step(
                    session,
                    visit.place,
                    step.slug,
                    form.answers(),
                    visit.at,
                    completed=completed,
                    seen=seen_on(form),
                )
        except AlreadySubmitted:
            return self.too_late(visit, form)
        except Overtaken as other:
            return self.show_step(visit, step, form, self.overtaken(visit, step, form, other))
        visit.words_arrived()
        return self.onwards(visit, step, later=later, draft=draft)

    def onwards(self, visit: Visit, step: AnyStep, *, later: bool, draft: Draft) -> ResponseReturnValue:
        """Where a saved page leads: on, back to the check page, or to what is missing."""
        lost = visit.draft is None and not visit.progress.may_see(step)
        said = {"away": "1"} if lost else {}
        visit.saved(draft)
        if visit.journey.is_task_list:
            return visit.go_on_in_section(step, later=later, **said)
        following = visit.progress.after(step)
        if visit.changing or following is None or not visit.progress.may_see(following):
            return visit.go_to_missing(**visit.changing, **said)
        return visit.go("step", step=following.slug)

    def show_step(
        self, visit: Visit, step: AnyStep, form: PortalForm, both: Sequence[Difference] = ()
    ) -> ResponseReturnValue:
        """The page of a step; its only question is its heading. `both`: where a newer version differs."""
        question = form.only_question
        context: dict[str, Any] = {"step": step, "form": form, "heading": question is not None}
        context["title"] = question.heading_text if question is not None else step.title
        context |= visit.surroundings(step)
        if isinstance(step, RepeatingStep):
            context["cards"] = item_cards(visit.progress, step, visit.url)
            context["add_url"] = visit.url("add_item", step=step.slug, **visit.changing)
            context["full"] = len(context["cards"]) >= step.max_items
            context |= step.beside(visit.progress)
        context |= {"both": both, "drop_url": visit.url("step", step=step.slug)}
        return self.page(visit, step.template, 409 if both else form.status, **context)

    # Checking and sending

    def check(self) -> ResponseReturnValue:
        """All answers once more, and the button that sends them."""
        visit = Visit(self.hooks)
        if visit.sent:
            return visit.go("confirmation")
        if request.method == "POST" and visit.draft is None:
            return visit.go_to_missing(away="sent")
        form = visit.form(with_version(visit.journey.final_form))
        if request.method == "POST" and form.validate_on_submit():
            sent = self.send(visit, form)
            if sent is not None:
                return sent
        if not visit.progress.ready:
            return visit.go_to_unfinished()
        sections = check_sections(visit.progress, visit.url)
        last = visit.progress.path[-1]
        back = visit.url("start") if visit.journey.is_task_list else visit.url("step", step=last.slug)
        version = visit.draft.version if visit.draft else 0
        version_field(form).typed = str(version)
        context = {"sections": sections, "back": back, **self.hooks.judged(visit.progress, visit.at)}
        return self.page(visit, self.hooks.templates.check, form.status, form=form, **context)

    def send(self, visit: Visit, form: PortalForm) -> ResponseReturnValue | None:
        """Send in one transaction; None when the check page has to be shown again."""
        version = version_field(form).number
        signs = form.looks_automated() if isinstance(form, Honeypot) else ()
        try:
            submission = service.prepare(
                visit.draft, visit.progress, visit.at, final=form, seen_version=version, signs=signs
            )
            self.hooks.before_send()
            with form.catching(), transaction() as session:
                service.send(session, visit.place, self.hooks.submit, submission, version=version)
                return visit.go("confirmation")
        except service.NotReady:
            return visit.go_to_unfinished()
        except TooManyRequests as limit:
            return self.put_off(visit, limit.retry_after)
        except StaleEdit as stale:
            if not stale.facts:
                raise  # the database said it, not `submit`: the page has nothing to show
            return self.page(visit, self.hooks.templates.moved_on, 409, **stale.facts)
        except service.AnswersChanged:
            form.add_error(None, CHANGED_MEANWHILE)
            visit.saved(service.find_draft(read(), visit.place, visit.at))
        return None

    def put_off(self, visit: Visit, seconds: int) -> ResponseReturnValue:
        """Not yet: nothing was sent, and the answers are kept for longer than the wait."""
        minutes = ceil(seconds / 60)
        again_at = visit.at + timedelta(minutes=minutes)
        with transaction() as session:
            draft = service.keep_longer(session, visit.place, again_at + TIME_TO_COME_BACK, visit.at)
        if draft is None:
            return visit.go_to_missing(away="sent")
        if draft.sent:
            return visit.go("confirmation")
        times = {"minutes": minutes, "again_at": again_at, "kept_until": draft.expires_at}
        answer = make_response(self.page(visit, self.hooks.templates.put_off, 429, **times))
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def confirmation(self) -> ResponseReturnValue:
        """What was sent, and what happens next."""
        visit = Visit(self.hooks)
        if visit.draft is None or visit.draft.reference is None:
            return visit.go_to_missing() if visit.draft is not None else visit.go("start")
        reference = visit.draft.reference
        facts = self.hooks.confirmation(read(), reference)
        return self.page(
            visit, self.hooks.templates.confirmation, reference=reference, form=PortalForm(), **facts
        )

    def delete(self) -> ResponseReturnValue:
        """Ask whether the answers are to go, and delete them; after sending, only the way back to it.

        A page that was opened before sending deletes nothing: that takes the confirmation's own button.
        """
        visit = Visit(self.hooks)
        if request.method == "POST":
            if visit.sent and not request.form.get("again"):
                return self.too_late(visit, PortalForm())
            with transaction() as session:
                service.discard(session, visit.place)
                if visit.place.holder == visitor_key() and not service.holds_drafts(session, visitor_key()):
                    forget_visitor()
            return visit.go("start" if visit.sent else "deleted")
        if visit.draft is None or visit.sent:
            return visit.go("start")
        return self.page(visit, self.hooks.templates.delete, form=PortalForm(), back=visit.url("start"))

    def deleted(self) -> ResponseReturnValue:
        """Says that the answers are gone; leads to the new ones of whoever has begun again."""
        visit = Visit(self.hooks)
        if visit.draft is not None:
            return visit.go("start")
        return self.page(visit, self.hooks.templates.deleted, home=visit.home)
