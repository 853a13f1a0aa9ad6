"""Why somebody takes free text out of the portal."""

from __future__ import annotations

from portal.core.options import Option


class WordsReason(Option):
    """What the words are needed for; kept with the export in the audit."""

    NONE = "NONE", "Leave them out"
    RIGHTS_REQUEST = "RIGHTS_REQUEST", "Include them: somebody asks for their own data"
    COMPLAINT = "COMPLAINT", "Include them: a complaint or a legal claim"
    INSPECTION = "INSPECTION", "Include them: an inspection or an inquiry asks for them"
    TRANSFER = "TRANSFER", "Include them: these records move to the case system or the regional hub"
    QUALITY = "QUALITY", "Include them: a review of how families were answered"
