"""How a candidate told us."""

from __future__ import annotations

from portal.core.options import Option


class Told(Option):
    """The way; the hint is how an email to the candidate says it."""

    PHONE = "phone", "By phone", "by phone"
    EMAIL = "email", "By email", "by email"
    IN_PERSON = "in_person", "In person", "in person"
    LETTER = "letter", "By letter", "in a letter"
