"""What staff choose and type about a message to a family."""

from __future__ import annotations

from portal.core.fields import HiddenField, RadioField, TextAreaField, TextField, TickField
from portal.core.forms import PortalForm
from portal.core.mail import LONGEST_SUBJECT
from portal.core.text import carried_number
from portal.core.validators import MaxLength, Required
from portal.fostering.choices import choices_of

LONGEST_BODY = 5_000


class NewForm(PortalForm):
    """Which message."""

    kind = RadioField(
        "What do you want to write?",
        choices=lambda form: choices_of(form.facts["kinds"]),
        required="Select what you want to write",
    )


class MessageForm(PortalForm):
    """Something done with a message; it carries the version that the page showed."""

    version = HiddenField()

    @property
    def read_version(self) -> int:
        """The version that the page showed; 0, which is never current, if unreadable."""
        return carried_number(self.version.data)


class SendForm(MessageForm):
    """The button that sends; whoever prefers a call is mailed only when somebody has thought of it."""

    email_is_right = TickField(
        "An email is all right for this family",
        required="Confirm that an email is all right, or reach them the way they asked",
        asked_when=lambda form: form.facts.get("asks_first", False),
    )


class EditForm(MessageForm):
    """The message in other words."""

    subject = TextField(
        "Subject",
        [Required("Enter a subject"), MaxLength(LONGEST_SUBJECT, "Subject")],
        hint="It shows on locked screens. No names, and nothing about why you write",
    )
    body = TextAreaField(
        "Message",
        [Required("Enter the message")],
        hint="Plain text. Somebody else may read it: leave out health, addresses, and what others have said",
        count=LONGEST_BODY,
        rows=20,
    )
