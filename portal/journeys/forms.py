"""What the journey itself puts on its pages beside the author's questions."""

from __future__ import annotations

from functools import cache

from portal.core.fields import HiddenField, RadioField
from portal.core.forms import PortalForm
from portal.core.text import ascii_digits


class CompletionField(RadioField):
    """“Have you completed this section?”: about the answers, not one of them."""

    holds_answer = False


class VersionField(HiddenField):
    """The version of the answers that the page showed; junk is no version."""

    @property
    def number(self) -> int:
        """The version, 0 for junk."""
        return int(self.typed) if len(self.typed) <= 18 and ascii_digits(self.typed) else 0


class ListForm(PortalForm):
    """The page of a repeating step that lists its entries: nothing to fill in."""


@cache
def with_completion(form: type[PortalForm]) -> type[PortalForm]:
    """A step's form with the question that ends a section of a task list."""
    field = CompletionField(
        "Have you completed this section?",
        choices=(("yes", "Yes, I’ve completed this section"), ("no", "No, I’ll come back to it later")),
        required="Select yes if you have completed this section",
    )
    return type(f"{form.__name__}AndCompletion", (form,), {"section_completed": field})


@cache
def with_version(form: type[PortalForm]) -> type[PortalForm]:
    """The form of the check page with the version of the answers that stand above it."""
    return type(f"{form.__name__}AndVersion", (form,), {"answers_version": VersionField()})


@cache
def with_item(form: type[PortalForm]) -> type[PortalForm]:
    """The form of a new entry with the id it will have, so that sending it twice adds it once."""
    return type(f"{form.__name__}AndItem", (form,), {"item_id": HiddenField()})


def version_field(form: PortalForm) -> VersionField:
    """The field of the check page that says which answers stood on it."""
    return next(field for field in form.portal_fields if isinstance(field, VersionField))


def completion_of(form: PortalForm, *, later: bool) -> bool | None:
    """What a page says of its section: completed, not completed, or nothing."""
    if later:
        return False
    asked = any(isinstance(field, CompletionField) for field in form.portal_fields)
    return True if asked else None
