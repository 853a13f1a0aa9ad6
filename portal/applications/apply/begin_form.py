"""What is asked before an application is begun."""

from __future__ import annotations

from typing import Any

from portal.core.fields import YES_NO, RadioField
from portal.core.forms import PortalForm


class BeginForm(PortalForm):
    """Whether the last application is to be taken over, where there is one."""

    reuse = RadioField(
        "Do you want to start from your last application?",
        choices=YES_NO,
        required="Select yes if you want to start from your last application",
        asked_when=lambda form: form.facts.get("earlier") is not None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reuse.hint = (
            "We copy what you told us then. You look at each section and save it. Answers to criteria, "
            "declarations and what you need for an interview are not copied"
        )

    def layout(self) -> list[Any]:
        """Nothing where there is no earlier application."""
        return super().layout() if self.reuse.asked else []
