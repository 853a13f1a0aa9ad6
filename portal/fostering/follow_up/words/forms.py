"""The export’s form for who may have free text: whether to include it, and why."""

from __future__ import annotations

from portal.core.fields import RadioField
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.forms import ExportForm
from portal.fostering.follow_up.words.options import WordsReason


class ExportWordsForm(ExportForm):
    """Nothing is included unless it is chosen, with the reason."""

    words = RadioField(
        "Why people are asking, and staff’s notes",
        choices=choices_of(WordsReason),
        required="Select whether to include why people are asking, and notes",
        hint="They can hold what was told in confidence. Include them only where you cannot do without",
    )

    @property
    def reason(self) -> WordsReason | None:
        """Why they are included; None where they are left out."""
        chosen = WordsReason(self.words.data)
        return None if chosen is WordsReason.NONE else chosen


def reason_in(form: ExportForm) -> WordsReason | None:
    """Why free text is included; None for everybody who may not have it."""
    return form.reason if isinstance(form, ExportWordsForm) else None
