"""Words that mean the same thing in the field, as data: each line is one thing.

Whoever types one of a line finds adverts that use any other. Words are compared without case and by their
stems. Leave out phrases that are mostly small words ("looked after"): PostgreSQL drops those and would find
too much.
"""

from __future__ import annotations

SAME_THING: tuple[tuple[str, ...], ...] = (
    ("asye", "ayse", "nqsw", "newly qualified", "assessed and supported year", "first year in practice"),
    ("sw", "social worker"),
    ("sp", "senior practitioner", "senior social worker", "advanced practitioner"),
    ("tm", "team manager"),
    ("atm", "assistant team manager", "deputy team manager", "practice supervisor"),
    ("sm", "service manager"),
    ("hos", "head of service"),
    ("iro", "independent reviewing officer"),
    ("cpc", "child protection chair", "child protection conference"),
    ("ep", "educational psychologist", "education psychologist", "ed psych"),
    ("cp", "clinical psychologist", "clin psych"),
    ("psychology", "psychologist"),
    ("mash", "multi agency safeguarding hub"),
    ("crs", "front door", "children resource service", "referral and assessment"),
    ("edt", "emergency duty team"),
    ("cla", "lac", "looked after children", "children in care", "cared for children"),
    ("care leavers", "leaving care", "pathways"),
    ("uasc", "unaccompanied children", "unaccompanied young people"),
    ("sen", "send", "special educational needs"),
    ("ehcp", "education health and care plan", "ehc needs assessment"),
    ("camhs", "child and adolescent mental health"),
    ("yjs", "yot", "youth justice", "youth offending"),
    ("cin", "child in need", "children in need"),
    ("jigsaw", "children with disabilities", "disabled children"),
    ("lado", "local authority designated officer"),
    ("qa", "quality assurance"),
    ("pt", "part time"),
    ("ft", "full time"),
    ("wfh", "hybrid", "home working", "remote"),
)

TYPED_FOR = {"just qualified": "asye", "graduate": "asye"}
"""What people type for an entry of a line, though adverts mean something else by it: who types “graduate”
finds what “asye” finds, but nobody who types “asye” finds a “graduate scheme”. Phrases are not looked for
themselves: PostgreSQL drops “just”, and “qualified” alone is in nearly every advert."""

SMALL_WORDS = frozenset(
    """a an and are as at be by for from i if in into is it me my no not of on or our so that the their
    there this to us was we what where which who will with you your near nearby
    job jobs post posts role roles vacancy vacancies""".split()  # noqa: SIM905 - readable, unlike sixty lines
)
"""Words that narrow nothing and are left out of what was typed; the last line's are in every advert."""
