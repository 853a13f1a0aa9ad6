"""Codes of a history with the words people see (domain recruitment §9)."""

from __future__ import annotations

from portal.core.options import Option


class WorkKind(Option):
    """What kind of work a post was."""

    PAID = "paid", "Paid"
    VOLUNTARY = "voluntary", "Voluntary"
    SELF_EMPLOYED = "self_employed", "Self-employed"


class GapReason(Option):
    """Why there was no work. Illness is not offered: health is not asked before an offer."""

    STUDY = "study", "Study"
    CARING = "caring", "Caring responsibilities"
    TRAVEL = "travel", "Travelling"
    LOOKING = "looking", "Looking for work"
    PERSONAL = "personal", "Personal or family reasons"
    OTHER = "other", "Something else"


class Level(Option):
    """How high a qualification is, lowest first; the numbers are those of the national framework."""

    SCHOOL = "school", "GCSEs or similar (level 1 or 2)"
    COLLEGE = "college", "A levels, T level, NVQ 3 or similar (level 3)"
    HIGHER = "higher", "Foundation degree, HND or similar (level 4 or 5)"
    DEGREE = "degree", "Degree (level 6)"
    POSTGRADUATE = "postgraduate", "Master’s degree, postgraduate certificate or diploma (level 7)"
    DOCTORATE = "doctorate", "Doctorate (level 8)"
    OTHER = "other", "Something else, or I am not sure"


class RefereeKind(Option):
    """What somebody knows the candidate from."""

    CURRENT_EMPLOYER = "current_employer", "My current or most recent employer"
    CHILDREN_EMPLOYER = "children_employer", "The last employer I worked with children for"
    OTHER_EMPLOYER = "other_employer", "Another employer"
    ACADEMIC = "academic", "A tutor, teacher or lecturer"
    PERSONAL = "personal", "Somebody who knows me personally"


class Contact(Option):
    """Whether a referee may be asked before an interview."""

    YES = "yes", "Yes"
    ASK_FIRST = "ask_first", "Ask me first"


class Flag(Option):
    """What HR should look at. None of them decides anything; the words are HR’s."""

    FREE_MAIL = (
        "referee_free_mail",
        "A work referee’s email address is not at an organisation: check who it is",
    )
    RELATIVE = (
        "referee_relative",
        "A referee’s relationship sounds like family or a partner: check how they know each other",
    )
    EDUCATION = (
        "education_and_work",
        "Work does not fit with when full-time education was left: look for gaps, the portal could not",
    )
    ASK_FIRST = "referee_ask_first", "Ask the candidate before writing to a referee"
    NEVER_WORKED = "never_worked", "Has not worked"
