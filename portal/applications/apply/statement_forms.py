"""What applicants write beside their history: an answer to each criterion, or one statement (section 7).

The forms are made for each advert, since its criteria are the questions.
"""

from __future__ import annotations

from functools import lru_cache

from portal.applications.apply.needs import Wanted
from portal.core.fields import TextAreaField
from portal.core.forms import PortalForm
from portal.core.validators import Required

SHORTEST, LONGEST = 200, 8_000
"""Characters of the one statement (domain recruitment §9)."""

ANSWER = 2_000
"""Characters of an answer to one criterion."""

NO_NAME = "Leave out your name: shortlisting may be anonymous"


class StatementForm(PortalForm):
    """One statement."""

    statement = TextAreaField(
        "Supporting statement",
        [Required("Enter your supporting statement")],
        count=LONGEST,
        rows=18,
        hint=(
            "Show how you meet each essential criterion, with what you did and what came of it. "
            f"At least {SHORTEST} characters. {NO_NAME}"
        ),
    )

    def check(self) -> None:
        """Long enough to be judged."""
        typed = str(self.statement.data or "")
        if typed and not self.statement.errors and len(typed) < SHORTEST:
            self.add_error("statement", f"Supporting statement must be {SHORTEST} characters or more")


@lru_cache(maxsize=2_000)
def criterion_form(wanted: Wanted) -> type[PortalForm]:
    """The page of one criterion; a desirable one may be left empty."""
    kind = "Essential" if wanted.essential else "Desirable"
    question = TextAreaField(
        wanted.wording,
        [Required("Enter how you meet this criterion")] if wanted.essential else [],
        count=ANSWER,
        rows=10,
        hint=f"{kind}. Say what you did, how, and what came of it. {NO_NAME}",
        subject="Your answer",
    )
    return type("CriterionAnswerForm", (PortalForm,), {wanted.name: question, "__module__": __name__})
