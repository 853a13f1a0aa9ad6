"""Filters of the audit log, and the buttons of the operations page."""

from __future__ import annotations

from portal.core.audit import VOCABULARY
from portal.core.fields import DateField, SelectField, TextField
from portal.core.forms import PortalForm
from portal.core.text import ascii_digits
from portal.core.validators import MaxLength, NotBefore
from portal.staff.filters import AuditFilters

LARGEST_ID_DIGITS = 18


def event_label(name: str) -> str:
    """`staff.signed_in` as words: Staff: signed in."""
    area, _, what = name.replace("_", " ").partition(".")
    return f"{area.capitalize()}: {what}" if what else area.capitalize()


def event_choices(_form: PortalForm) -> list[tuple[str, str]]:
    """The whole vocabulary; asked when a page is drawn, after every feature has declared its events."""
    return sorted(((name, event_label(name)) for name in VOCABULARY), key=lambda choice: choice[1])


class AuditForm(PortalForm):
    """What to show of the audit log; lives in the query string."""

    event = SelectField("What happened", choices=event_choices, prompt="Anything", optional_wording=False)
    actor = TextField(
        "Who",
        [MaxLength(254, "Who")],
        hint="An email address, or the name of a command such as portal staff",
        optional_wording=False,
        spellcheck=False,
    )
    subject = TextField(
        "About",
        [MaxLength(120, "About")],
        hint="A reference, for example STAFF-4",
        optional_wording=False,
        spellcheck=False,
    )
    from_on = DateField("From", optional_wording=False, subject="From date")
    to_on = DateField(
        "To",
        [NotBefore(lambda form: form.from_on.data, "To date must be the same as or after the from date")],
        optional_wording=False,
        subject="To date",
    )

    def filters(self, before: str) -> AuditFilters:
        """As the query takes them; `before` comes from the address, and only a number moves the page."""
        known = ascii_digits(before) and len(before) <= LARGEST_ID_DIGITS
        return AuditFilters(
            event=self.event.data or "",
            actor=self.actor.data or "",
            subject=self.subject.data or "",
            from_on=self.from_on.data,
            to_on=self.to_on.data,
            before=int(before) if known else None,
        )


class RetryForm(PortalForm):
    """A button that tries something again."""
