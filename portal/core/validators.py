"""Rules of single fields. The form's author gives each message in the field's own words.

A rule other than Required passes an empty field: whether something must be there is one question, what
it must look like is another. A rule sees the field's parsed `data`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from wtforms.validators import StopValidation

from portal.core import clock

if TYPE_CHECKING:
    from portal.core.fields import PortalField

Form = Any
"""WTForms hands a rule the whole form; which class that is only its author knows."""

_NAME_MARKS = frozenset(" -'’‘ʼʻ`´.,·‐‑\u200c\u200d()/")


NO_NAMES = frozenset(
    {
        "n/a",
        "n.a",
        "n\\a",
        "none",
        "nil",
        "no name",
        "noname",
        "nobody",
        "not applicable",
        "not given",
        "unknown",
    }
    | {"anonymous", "anon", "prefer not to say", "test", "xxx"}
)
"""What people type to get past a question. “Na”, “Nan”, “X” and “O” are somebody’s names and are taken."""


class Required:
    """Something must be given; `message` says what to do: “Enter your first name”, “Select …”."""

    makes_required = True

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Form, field: PortalField) -> None:
        """Refuse an empty field and stop: one message is enough for it."""
        if field.empty:
            raise StopValidation(self.message)


class RequiredWhen(Required):
    """Something must be given if the rest of the form is so."""

    def __init__(self, condition: Callable[[Form], bool], message: str) -> None:
        super().__init__(message)
        self.condition = condition

    def __call__(self, form: Form, field: PortalField) -> None:
        """As Required, under the condition."""
        if self.condition(form):
            super().__call__(form, field)


class MaxLength:
    """At most `limit` characters; `label` begins the message: “First name must be 60 characters or less”."""

    def __init__(self, limit: int, label: str) -> None:
        self.limit = limit
        self.label = label

    def __call__(self, form: Form, field: PortalField) -> None:
        """Count characters as people see them counted: a line break is one."""
        if not field.empty and len(field.data) > self.limit:
            raise StopValidation(f"{self.label} must be {self.limit:,} characters or less")


class PersonName:
    """Letters and marks of any script, with what stands between the parts of names; no digits, no symbols."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __call__(self, form: Form, field: PortalField) -> None:
        """Refuse anything that is no letter, mark, space, hyphen, apostrophe, full stop or bracket."""
        typed = " ".join((field.data or "").casefold().split())
        if typed.strip(" .()-") in NO_NAMES:
            given_up = ". Leave it empty if you would rather not say" if field.optional_wording else ""
            raise StopValidation(f"{self.label} must be a name that we can use{given_up}")
        letters = [character for character in field.data or "" if character not in _NAME_MARKS]
        strange = any(unicodedata.category(character)[0] not in "LM" for character in letters)
        if strange or (not field.empty and not letters):
            raise StopValidation(
                f"{self.label} must only include letters, spaces, hyphens, apostrophes and full stops"
            )


class InThePast:
    """A date before today, in London. `today_counts` lets today pass."""

    def __init__(self, label: str, *, today_counts: bool = False) -> None:
        self.label = label
        self.today_counts = today_counts

    def __call__(self, form: Form, field: PortalField) -> None:
        """Refuse today (unless it counts) and later."""
        if field.empty:
            return
        today = clock.today()
        if field.data > today or (field.data == today and not self.today_counts):
            wanted = "today or in the past" if self.today_counts else "in the past"
            raise StopValidation(f"{self.label} must be {wanted}")


class NotBefore:
    """A date the same as or after another: a date, or a function of the form that gives one or None."""

    def __init__(self, earliest: date | Callable[[Form], date | None], message: str) -> None:
        self.earliest = earliest
        self.message = message

    def __call__(self, form: Form, field: PortalField) -> None:
        """Refuse an earlier date; an earliest date that is not known yet refuses nothing."""
        earliest = self.earliest(form) if callable(self.earliest) else self.earliest
        if not field.empty and earliest is not None and field.data < earliest:
            raise StopValidation(self.message)
