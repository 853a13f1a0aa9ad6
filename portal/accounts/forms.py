"""Forms of staff accounts."""

from __future__ import annotations

from typing import Any

from portal.accounts.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH, why_unsuitable
from portal.accounts.roles import GRANT_LABELS, ROLE_LABELS
from portal.core.fields import (
    CheckboxesField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    TextAreaField,
    TextField,
)
from portal.core.forms import PortalForm
from portal.core.text import ascii_digits
from portal.core.validators import MaxLength

NOT_SIGNED_IN = "The email address or the password is not right. Check both and try again"


class SignInForm(PortalForm):
    """Who is it? The same message for every reason why not."""

    email = EmailField(
        "Email address", required="Enter your email address", autocomplete="username", width="two-thirds"
    )
    password = PasswordField(
        "Password", required="Enter your password", autocomplete="current-password", width="two-thirds"
    )
    next = HiddenField()


def new_password_field() -> Any:
    """The new password; made anew for each form, since fields stand in the order in which they are made."""
    return PasswordField(
        "New password",
        required="Enter a new password",
        hint=f"{MINIMUM_LENGTH} to {MAXIMUM_LENGTH} characters. Three words that do not belong together "
        "are easy to remember and hard to guess. Spaces count.",
        autocomplete="new-password",
        width="two-thirds",
    )


def again_field() -> Any:
    """The same once more."""
    return PasswordField(
        "New password again",
        required="Enter the new password again",
        autocomplete="new-password",
        width="two-thirds",
    )


class NewPasswordForm(PortalForm):
    """A password chosen twice. `facts["words"]` are what it must not be made of."""

    password = new_password_field()
    again = again_field()

    def check(self) -> None:
        """Suitable, and the same twice."""
        if self.password.errors or self.again.errors:
            return
        problem = why_unsuitable(self.password.data, self.facts["words"])
        if problem:
            self.add_error("password", problem)
        elif self.password.data != self.again.data:
            self.add_error("again", "The two passwords are not the same. Enter the new password again")


class ChangePasswordForm(NewPasswordForm):
    """One’s own password, proved once more."""

    current = PasswordField(
        "Current password",
        required="Enter your current password",
        autocomplete="current-password",
        width="two-thirds",
    )
    password = new_password_field()
    again = again_field()


class VersionedForm(PortalForm):
    """A form that carries which version of the record its page showed."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version as a number; what is no such number is older than every record."""
        text = str(self.version.typed)
        return int(text) if ascii_digits(text) and len(text) < 10 else 0


def roles_field() -> Any:
    """The same question for somebody new and for somebody who changes post."""
    return CheckboxesField(
        "Roles",
        required="Select at least one role",
        choices=tuple(ROLE_LABELS.items()),
        hint="Select all that apply. An administrator manages people and reads the audit log, "
        "and sees no enquiries.",
    )


class RolesForm(VersionedForm):
    """What somebody works as."""

    roles = roles_field()


class PersonForm(PortalForm):
    """A new member of staff."""

    name = TextField(
        "Name",
        [MaxLength(120, "Name")],
        required="Enter the person’s name",
        autocomplete="off",
        width="two-thirds",
    )
    email = EmailField(
        "Work email address",
        required="Enter the person’s work email address",
        autocomplete="off",
        hint="They sign in with it.",
        width="two-thirds",
    )
    roles = roles_field()


class GrantForm(VersionedForm):
    """One permission beside the roles."""

    permission = RadioField("Permission", required="Select a permission", choices=tuple(GRANT_LABELS.items()))
    reason = TextAreaField(
        "Why this person needs it",
        required="Enter why this person needs the permission",
        hint="Do not name children, carers or enquirers here.",
        count=500,
        rows=4,
    )


class ConfirmForm(VersionedForm):
    """A button that changes something."""
