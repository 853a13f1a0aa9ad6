"""What HR types about an answer: other words, a reason to hold it."""

from __future__ import annotations

from portal.applications.answers.wording import MARKER
from portal.core.fields import HiddenField, TextAreaField, TextField
from portal.core.forms import PortalForm
from portal.core.mail import LONGEST_SUBJECT
from portal.core.text import carried_number, clean_line
from portal.core.validators import MaxLength, Required

LONGEST_BODY = 10_000
"""An advert’s criteria, listed one by one, are long."""
LONGEST_REASON = 200


class AnswerForm(PortalForm):
    """Something done with an answer; it carries the version that the page showed."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that the page showed; 0, which is never current, if unreadable."""
        return carried_number(self.version.data)


class EditForm(AnswerForm):
    """The mail in other words."""

    subject = TextField(
        "Subject",
        [
            Required("Enter a subject"),
            MaxLength(LONGEST_SUBJECT, "Subject"),
        ],
    )
    body = TextAreaField(
        "Message",
        [Required("Enter the message")],
        hint=(
            "Plain text, to the person. [name] becomes what they ask to be called. Leave out health, and"
            " anything found in checks"
        ),
        count=LONGEST_BODY,
        rows=22,
    )

    def check(self) -> None:
        """Nobody’s name stands in a subject, which shows on locked screens."""
        if MARKER in (self.subject.data or ""):
            self.add_error("subject", f"Take {MARKER} out of the subject: it is filled in the message only")


class HoldForm(AnswerForm):
    """Why it waits."""

    reason = TextField(
        "Why should it wait?",
        [
            Required("Enter why it should wait"),
            MaxLength(LONGEST_REASON, "Reason"),
        ],
        hint="Colleagues see this in the outbox. The candidate is not told",
    )


class SendForm(PortalForm):
    """Several at once: the references and versions stand beside it."""


def chosen_of(values: list[str], most: int) -> list[tuple[str, int]]:
    """References and versions as the page carries them: “APP-7K3QX4WM.2”; nothing twice."""
    pairs = [value.partition(".") for value in values[:most]]
    return list(
        {
            clean_line(reference[:24]).upper(): carried_number(version) for reference, _, version in pairs
        }.items()
    )
