"""Which copies, and what for."""

from __future__ import annotations

from typing import Any

from portal.applications.chosen import Chosen
from portal.applications.forms import PURPOSES
from portal.applications.options import Tab
from portal.core.fields import RadioField
from portal.core.forms import PortalForm
from portal.core.wording import plural

ALL = "all"


def lists(form: Any) -> list[tuple[str, str]]:
    """All, and each list that has applications, with how many."""
    counts: dict[Tab, int] = form.facts["counts"]
    offered = [(tab.value, f"{tab.label} ({counts[tab]})") for tab in Tab if counts[tab]]
    return [(ALL, f"All of them ({plural(sum(counts.values()), 'application')})"), *offered]


class CopiesForm(PortalForm):
    """Which applications of the vacancy; not asked where they were chosen on the page before."""

    which = RadioField(
        "Which applications?",
        choices=lists,
        required="Select which applications",
        asked_when=lambda form: not form.facts["chosen"],
    )
    purpose = RadioField(
        "What do you need them for?",
        choices=list(PURPOSES),
        required="Select what you need the applications for",
    )

    def wanted(self, references: tuple[str, ...]) -> Chosen:
        """What was asked for; `references` were chosen on the page before."""
        if references:
            return Chosen(references=references)
        return Chosen() if self.which.data == ALL else Chosen(Tab(str(self.which.data)))
