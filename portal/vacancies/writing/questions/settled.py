"""Forms whose questions hang on earlier pages, or on what the portal knows: others are not drawn."""

from __future__ import annotations

from portal.core.field_base import PortalField
from portal.core.forms import FieldGroup, PortalForm


class SettledForm(PortalForm):
    """A page without the questions that need no answer, whatever is chosen on the page itself."""

    def layout(self) -> list[tuple[FieldGroup | None, list[PortalField]]]:
        """Every `asked_when` of these forms looks at other pages, so that it holds while this one is open."""
        return [row for row in super().layout() if row[1][0].asked_when is None or row[1][0].asked]
