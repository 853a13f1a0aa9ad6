"""What staff choose and type about a message to a family."""

from __future__ import annotations

from typing import Any

from wtforms.validators import StopValidation

from portal.core.fields import HiddenField, PortalField, RadioField, TextAreaField, TextField, TickField
from portal.core.forms import PortalForm
from portal.core.mail import LONGEST_SUBJECT
from portal.core.text import carried_number
from portal.core.validators import MaxLength, Required
from portal.fostering.choices import choices_of
from portal.fostering.models import name_key

LONGEST_BODY = 5_000
SHORTEST_NAME = 3
"""Letters of a name that is looked for; shorter ones are ordinary words too often (“An”, “To”)."""


def keys_of(text: str) -> set[str]:
    """Of each word, and of what stands before its apostrophe: “Zoë’s” is Zoë."""
    words = text.replace("-", " ").replace("’", "'").split()
    keys = (name_key(part) for word in words for part in (word, word.rpartition("'")[0]))
    return {key for key in keys if len(key) >= SHORTEST_NAME}


def no_names(form: Any, field: PortalField) -> None:
    """Nobody of the household is named, however it is spelt."""
    if keys_of(field.data or "") & keys_of(form.facts["names"]):
        raise StopValidation("Leave names out of the subject: it shows on locked screens")


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
        [Required("Enter a subject"), MaxLength(LONGEST_SUBJECT, "Subject"), no_names],
        hint="It shows on locked screens. No names, and nothing about why you write",
    )
    body = TextAreaField(
        "Message",
        [Required("Enter the message")],
        hint="Plain text. Somebody else may read it: leave out health, addresses, and what others have said",
        count=LONGEST_BODY,
        rows=20,
    )
