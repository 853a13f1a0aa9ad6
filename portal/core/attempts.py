"""A form that changes something stored, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from sqlalchemy.orm import Session

from portal.core.database import transaction
from portal.core.errors import InvalidTransition, StaleEdit
from portal.core.forms import PortalForm
from portal.core.kept_words import forget_words


class Attempt(Enum):
    """What became of a form that was sent, or not yet."""

    OPEN = auto()
    DONE = auto()
    STALE = auto()
    """Somebody else changed the record after the page was opened."""
    REFUSED = auto()
    """The step does not exist from where the record stands; the form says why."""

    @property
    def conflicts(self) -> bool:
        """Whether what was sent and what is stored did not fit together."""
        return self in (Attempt.STALE, Attempt.REFUSED)


def attempt(form: PortalForm, change: Callable[[Session], object]) -> Attempt:
    """Do it, all or nothing, if the form is in order; whatever is refused is said on it."""
    if form.validate_on_submit():
        with form.catching():
            try:
                with transaction() as writer:
                    change(writer)
            except StaleEdit:
                return Attempt.STALE
            except InvalidTransition as refused:
                form.add_error(None, refused.facts["why"])
                return Attempt.REFUSED
            forget_words()
            return Attempt.DONE
    return Attempt.OPEN
