"""What applicants write beside their history: an answer to each criterion, or one statement (section 7).

The forms are made for each advert, since its criteria are the questions.
"""

from __future__ import annotations

from functools import lru_cache

from wtforms import Form
from wtforms.validators import StopValidation

from portal.applications.apply.needs import Wanted
from portal.core.field_base import PortalField, Rule
from portal.core.fields import TextAreaField
from portal.core.forms import PortalForm
from portal.core.validators import MaxLength, Required

SHORTEST, LONGEST = 200, 8_000
"""Characters of the one statement (domain recruitment §9)."""

ANSWER = 2_000
"""Characters of an answer to one criterion."""

NO_NAME = "Leave out your name: those who shortlist do not see it"
WHAT_YOU_DID = "Say what you did, how, and what came of it"
CERTIFIED = "One sentence is enough: the certificate shows the rest"


class AtMost(MaxLength):
    """As MaxLength, of what took an evening: says that nothing is lost."""

    def __call__(self, form: Form, field: PortalField) -> None:
        """What is too long can be saved by the page's other button, and not be sent."""
        try:
            super().__call__(form, field)
        except StopValidation as refusal:
            raise StopValidation(f"{refusal}. You can save it now and shorten it later") from None


def statement_question(*, anonymous: bool) -> TextAreaField:
    """The question of the one statement."""
    name = f". {NO_NAME}" if anonymous else ""
    return TextAreaField(
        "Supporting statement",
        [Required("Enter your supporting statement"), AtMost(LONGEST, "Supporting statement")],
        count=LONGEST,
        rows=18,
        hint=(
            "Show how you meet each essential criterion, with what you did and what came of it. "
            f"At least {SHORTEST} characters{name}"
        ),
    )


class StatementForm(PortalForm):
    """One statement."""

    statement = statement_question(anonymous=False)

    def check(self) -> None:
        """Long enough to be judged."""
        typed = str(self.statement.data or "")
        if typed and not self.statement.errors and len(typed) < SHORTEST:
            self.add_error("statement", f"Supporting statement must be {SHORTEST} characters or more")


class AnonymousStatementForm(StatementForm):
    """The same, read without names."""

    statement = statement_question(anonymous=True)


@lru_cache(maxsize=2_000)
def criterion_form(wanted: Wanted, *, anonymous: bool = True) -> type[PortalForm]:
    """The page of one criterion; a desirable one may be left empty."""
    advice = ["Essential" if wanted.essential else "Desirable"]
    advice.append(CERTIFIED if wanted.by_certificate else WHAT_YOU_DID)
    if anonymous:
        advice.append(NO_NAME)
    rules: list[Rule] = [Required("Enter how you meet this criterion")] if wanted.essential else []
    question = TextAreaField(
        wanted.wording,
        [*rules, AtMost(ANSWER, "Your answer")],
        count=ANSWER,
        rows=10,
        hint=". ".join(advice),
        subject="Your answer",
    )
    return type("CriterionAnswerForm", (PortalForm,), {wanted.name: question, "__module__": __name__})
