"""One request to a journey: what its author contributed, whose draft it is, and how far the answers lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.core import clock
from portal.core.context import current_actor
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.forms import PortalForm
from portal.core.kept_words import forget_words, typed_or_kept
from portal.core.responses import see_other
from portal.journeys import service
from portal.journeys.answers import Answers
from portal.journeys.engine import AnyStep, Journey, Progress, RepeatingStep
from portal.journeys.meanwhile import with_seen
from portal.journeys.models import Draft


@dataclass(frozen=True, kw_only=True, slots=True)
class Templates:
    """The pages that are not steps. Without `start` the journey begins at its first page."""

    layout: str = "layouts/journey.html"
    """The frame of all of them, with its blocks."""
    start: str | None = None
    resume: str = "journeys/resume.html"
    task_list: str = "journeys/task_list.html"
    check: str = "journeys/check_answers.html"
    confirmation: str = "journeys/confirmation.html"
    remove: str = "journeys/remove_item.html"
    delete: str = "journeys/delete_answers.html"
    deleted: str = "journeys/deleted.html"
    already_sent: str = "journeys/already_sent.html"
    put_off: str = "journeys/put_off.html"
    delete_link: str = "journeys/_delete_link.html"
    """What stands below each page once something is stored."""
    moved_on: str = "journeys/moved_on.html"
    """What `submit` was to change was changed meanwhile (it raised StaleEdit)."""


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """What a journey's author contributes; see journey_blueprint."""

    journey: Callable[[], Journey]
    submit: service.Submit
    holder: Callable[[], str]
    facts: Callable[[], Mapping[str, Any]]
    before_send: Callable[[], None]
    confirmation: Callable[[Session, str], Mapping[str, Any]]
    lifetime: Callable[[], timedelta]
    templates: Templates
    home: str
    saved: service.Saved
    discarded: Callable[[Session], None]
    judged: Callable[[Progress, datetime], Mapping[str, Any]]


class Visit:
    """One request to a journey: the draft, the answers and how far they lead."""

    def __init__(self, hooks: Hooks) -> None:
        self.hooks = hooks
        self.journey = hooks.journey()
        self.at: datetime = clock.now()
        self.place = service.Place(
            self.journey, hooks.holder(), hooks.lifetime(), hooks.saved, hooks.discarded
        )
        self.draft = service.find_draft(read(), self.place, self.at)
        self.facts = hooks.facts()

    @cached_property
    def answers(self) -> Answers:
        """What is stored, nothing when there is no draft."""
        return Answers.from_json(self.draft.answers) if self.draft is not None else Answers()

    @cached_property
    def progress(self) -> Progress:
        """How far the stored answers lead."""
        return Progress(self.journey, self.answers, self.facts)

    def saved(self, draft: Draft | None) -> None:
        """Look at the answers as they are after a save."""
        self.draft = draft
        self.__dict__.pop("answers", None)
        self.__dict__.pop("progress", None)

    @property
    def sent(self) -> bool:
        """Whether this was sent already."""
        return self.draft is not None and self.draft.sent

    def step(self, slug: str) -> AnyStep:
        """The step of an address; raises NotFound."""
        step = self.journey.step(slug)
        if step is None:
            raise NotFound
        return step

    def repeating(self, slug: str) -> RepeatingStep:
        """The same where only a repeating step will do."""
        step = self.step(slug)
        if not isinstance(step, RepeatingStep):
            raise NotFound
        return step

    def form(self, form: type[PortalForm], **options: Any) -> PortalForm:
        """A form of this visit: with what was posted, or with what `data` gives it."""
        return form(facts=self.facts, given=self.progress.given, **options)

    def guarded(self, form: type[PortalForm]) -> type[PortalForm]:
        """The same form, carrying which answers it showed where the journey wants to know."""
        return with_seen(form) if self.journey.asks_before_overwriting else form

    def returned_words(self) -> MultiDict[str, str] | None:
        """What somebody signed in had typed on this page when their session ended."""
        return typed_or_kept() if current_actor().owner is not None else None

    def words_arrived(self) -> None:
        """They were sent again, and saved."""
        if current_actor().owner is not None:
            forget_words()

    # Addresses

    def url(self, endpoint: str, **values: Any) -> str:
        """An address inside this journey, keeping what its prefix holds (a vacancy)."""
        return url_for(f".{endpoint}", **self.outer, **values)

    @property
    def outer(self) -> dict[str, Any]:
        """What the journey's prefix took from the address."""
        return {k: v for k, v in (request.view_args or {}).items() if k not in ("step", "item")}

    @property
    def home(self) -> str:
        """The address before the journey."""
        return url_for(self.hooks.home, **self.outer)

    @property
    def onward(self) -> str:
        """The address of the first page that is missing, of the check page when none is."""
        missing = self.progress.first_missing
        return self.url("check") if missing is None else self.url("step", step=missing.slug)

    def go(self, endpoint: str, **values: Any) -> ResponseReturnValue:
        """303 to a page of this journey."""
        return see_other(f".{endpoint}", **self.outer, **values)

    def go_to_missing(self, **values: Any) -> ResponseReturnValue:
        """To the first page that is missing; to the task list, or the check page, when none is."""
        missing = self.progress.first_missing
        if self.journey.is_task_list:
            return self.go("start", **values)
        if missing is None:
            return self.go("check")
        return self.go("step", step=missing.slug, **values)

    def go_to_unfinished(self) -> ResponseReturnValue:
        """From the check page while it cannot be shown: a task list says then what is left."""
        said = {"unfinished": "1"} if self.journey.is_task_list and not self.noted else self.noted
        return self.go_to_missing(**said)

    def ahead(self, step: AnyStep, answers: Mapping[str, Any]) -> Progress:
        """How far it would lead if this page were saved with these answers."""
        return Progress(self.journey, self.answers.with_step(step.slug, answers), self.facts)

    def go_on_in_section(self, step: AnyStep, *, later: bool, **values: Any) -> ResponseReturnValue:
        """In a task list: to the section's next page, then to the list.

        A page that has just become the last of its section is shown again, now with the question of its end.
        """
        following = self.progress.after(step)
        completed = self.journey.section_of(step).slug in self.answers.completed
        if later or (following is None and completed):
            return self.go("start", **values)
        return self.go("step", step=(following or step).slug, **values)

    @property
    def changing(self) -> dict[str, str]:
        """Carried along while somebody changes an answer from the check page."""
        return {"change": "1"} if request.args.get("change") else {}

    @property
    def away(self) -> str:
        """What to say of earlier answers: that they are gone ("1"), or were not sent ("sent")."""
        said = request.args.get("away", "")
        return said if said in ("1", "sent") else ""

    @property
    def noted(self) -> dict[str, str]:
        """Carried along until a page has said it."""
        return {"away": self.away} if self.away else {}

    @property
    def unfinished(self) -> bool:
        """Whether to say which sections are left: somebody came from the check page."""
        return request.args.get("unfinished") == "1" and not self.progress.ready

    # What stands around a page

    def stored(self, step: AnyStep) -> dict[str, Any]:
        """A page's answers as stored, with the end of its section as it was said."""
        section = self.journey.section_of(step).slug
        said = {"section_completed": "yes"} if section in self.answers.completed else {}
        return {**self.answers.steps.get(step.slug, {}), **said}

    def surroundings(self, step: AnyStep) -> dict[str, Any]:
        """Back link, caption and buttons of a step's page."""
        section = self.journey.section_of(step)
        before = self.progress.before(step) if step in self.progress.path else None
        if self.changing:
            back = self.url("check")
        elif before is not None:
            back = self.url("step", step=before.slug)
        elif self.journey.is_task_list or self.hooks.templates.start is not None:
            back = self.url("start")
        else:
            back = self.home
        return {
            "back": back,
            "caption": section.title if section.title != step.title else "",
            "section": section,
            "button": step.button or ("Save and continue" if self.journey.is_task_list else "Continue"),
            "offers_later": self.journey.is_task_list and not self.progress.asks_completion(step),
        }
