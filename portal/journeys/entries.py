"""The views of a list's entries: add one, change it, take it out."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.database import transaction
from portal.core.errors import AlreadySubmitted, NotFound
from portal.core.forms import PortalForm
from portal.journeys import service
from portal.journeys.answers import Item
from portal.journeys.engine import RepeatingStep
from portal.journeys.forms import with_item
from portal.journeys.meanwhile import Difference, Overtaken, mark_seen, seen_on
from portal.journeys.pages import JourneyPages, comes_back_later
from portal.journeys.visit import Visit

ITEM_ID = re.compile(r"[A-Za-z0-9_-]{16}")


class EntryViews(JourneyPages):
    """Pages of repeating steps beside the list itself."""

    def add_item(self, step: str) -> ResponseReturnValue:
        """A new entry; its id comes with the page, so that sending it twice adds it once."""
        visit = Visit(self.hooks)
        found = visit.repeating(step)
        entry_form = with_item(visit.guarded(found.form))
        posted = request.method == "POST"
        begun = None if posted else found.begin(visit.progress, request.args)
        if begun is None and not posted:
            return visit.go("step", step=step)
        words = {} if posted else {"formdata": visit.returned_words(), "data": begun}
        form = visit.form(entry_form, **words)
        sent_id = str(form.portal_field("item_id").data or "")
        identifier = sent_id if ITEM_ID.fullmatch(sent_id) else secrets.token_urlsafe(12)
        form.portal_field("item_id").typed = identifier
        title = found.heading_of(form.answers(), f"Add a {found.one}")
        return self.entry(visit, found, form, Item(identifier, {}), title=title)

    def item(self, step: str, item: str) -> ResponseReturnValue:
        """An entry to be changed."""
        visit = Visit(self.hooks)
        found = visit.repeating(step)
        entry = visit.answers.item(step, item)
        if entry is None and request.method != "POST":
            raise NotFound
        if request.method == "POST" or entry is None:
            form = visit.form(visit.guarded(found.form))
        else:
            words = visit.returned_words()
            form = visit.form(visit.guarded(found.form), formdata=words, data=entry.answers)
            if words is None:
                mark_seen(form, entry.answers)
        title = found.heading_of(form.answers(), f"Change this {found.one}")
        return self.entry(visit, found, form, entry or Item(item, {}), title=title)

    def entry(
        self, visit: Visit, step: RepeatingStep, form: PortalForm, item: Item, *, title: str
    ) -> ResponseReturnValue:
        """Show an entry's page, or save it and go back to the list."""
        if visit.sent:
            return self.too_late(visit, form) if request.method == "POST" else visit.go("confirmation")
        new = visit.answers.item(step.slug, item.id) is None
        full = new and len(visit.answers.items.get(step.slug, ())) >= step.max_items
        if request.method != "POST" and (full or not visit.progress.may_see(step)):
            return visit.go("step", step=step.slug)
        if request.method == "POST":
            valid = form.validate_on_submit() and fits_beside_others(visit, step, form, item.id)
            later = comes_back_later(visit)
            if full and not form.token_refused:
                form.add_error(None, f"Remove a {step.one} first: you can add {step.max_items} at most")
            elif not form.token_refused and (valid or later):
                return self.save_entry(visit, step, form, Item(item.id, form.answers()), title=title)
        return self.show_entry(visit, step, form, item, title=title)

    def show_entry(
        self,
        visit: Visit,
        step: RepeatingStep,
        form: PortalForm,
        item: Item,
        *,
        title: str,
        both: Sequence[Difference] = (),
    ) -> ResponseReturnValue:
        """The page of an entry; `both` as in show_step."""
        context = {**visit.surroundings(step), "back": visit.url("step", step=step.slug), "title": title}
        context |= {"offers_later": visit.journey.is_task_list, "both": both}
        context["drop_url"] = visit.url("item", step=step.slug, item=item.id)
        status = 409 if both else form.status
        return self.page(visit, step.item_template, status, step=step, form=form, item=item, **context)

    def save_entry(
        self, visit: Visit, step: RepeatingStep, form: PortalForm, item: Item, *, title: str
    ) -> ResponseReturnValue:
        """Store an entry."""
        try:
            with transaction() as session:
                service.save_item(session, visit.place, step.slug, item, visit.at, seen=seen_on(form))
        except AlreadySubmitted:
            return self.too_late(visit, form)
        except Overtaken as other:
            both = self.overtaken(visit, step, form, other)
            return self.show_entry(visit, step, form, item, title=title, both=both)
        visit.words_arrived()
        return visit.go("step", step=step.slug, **visit.changing)

    def remove_item(self, step: str, item: str) -> ResponseReturnValue:
        """Ask whether an entry is to go, and take it out."""
        visit = Visit(self.hooks)
        found = visit.repeating(step)
        entry = visit.answers.item(step, item)
        if visit.sent and request.method == "POST":
            return self.too_late(visit, PortalForm())
        if entry is None or visit.sent:
            return visit.go("step", step=step)
        if request.method == "POST":
            with transaction() as session:
                service.remove_item(session, visit.place, step, item, visit.at)
            return visit.go("step", step=step)
        number = list(visit.progress.entries(found)).index(entry) + 1
        name = found.title_of(entry.answers, number)
        context = {**visit.surroundings(found), "back": visit.url("step", step=step)}
        return self.page(
            visit, self.hooks.templates.remove, step=found, form=PortalForm(), name=name, **context
        )


def fits_beside_others(visit: Visit, step: RepeatingStep, form: PortalForm, identifier: str) -> bool:
    """Judge an entry that is sound by itself; what is wrong stands beside its questions."""
    problems = step.judge_entry(visit.progress, Item(identifier, form.answers()))
    for name, message in problems.items():
        form.add_error(name, message)
    return not problems
