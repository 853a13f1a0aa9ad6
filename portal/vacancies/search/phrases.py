"""Words that are filters, as data: who types “part time psychologist” means the box “Part time”.

Each line says which filter, which of its codes, and what people type for it. Phrases are compared without
case and by whole words. Only what says one thing plainly belongs here: “social worker” stays a keyword,
because people who type it also want to see senior and newly qualified posts.
"""

from __future__ import annotations

PHRASES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("pattern", ("full_time", "part_time"), ("full or part time", "part or full time", "full part time")),
    ("pattern", ("full_time",), ("full time", "fulltime", "ft")),
    ("pattern", ("part_time",), ("part time", "parttime", "pt")),
    ("pattern", ("job_share",), ("job share", "job shares", "jobshare", "job sharing")),
    ("pattern", ("term_time",), ("term time only", "term time", "school term")),
    ("pattern", ("annualised",), ("annualised hours", "annualised")),
    ("contract", ("permanent",), ("permanent contract", "permanent")),
    ("contract", ("fixed_term",), ("fixed term contract", "fixed term")),
    ("contract", ("fixed_term", "casual"), ("temporary contract", "temporary", "temp")),
    ("contract", ("secondment",), ("secondment", "secondments")),
    ("contract", ("casual",), ("casual contract", "casual", "zero hours")),
    ("contract", ("apprenticeship",), ("apprenticeship", "apprenticeships")),
    ("flexible", ("hybrid",), ("hybrid working", "hybrid")),
    (
        "flexible",
        ("hybrid", "home_based"),
        (
            "work from home",
            "working from home",
            "home working",
            "homeworking",
            "wfh",
            "remote working",
            "remote",
        ),
    ),
    ("flexible", ("home_based",), ("home based",)),
    ("flexible", ("compressed",), ("compressed hours", "nine day fortnight", "9 day fortnight")),
    ("flexible", ("flexitime",), ("flexitime", "flexi time", "flexible hours")),
    ("flexible", ("hybrid", "compressed", "flexitime", "home_based"), ("flexible working", "work flexibly")),
    (
        "asye",
        ("yes",),
        ("asye", "ayse", "nqsw", "newly qualified", "just qualified", "assessed and supported year"),
    ),
    (
        "sponsorship",
        ("yes", "considered"),
        (
            "visa sponsorship",
            "sponsorship",
            "sponsored",
            "skilled worker visa",
            "health and care visa",
            "visa",
            "certificate of sponsorship",
        ),
    ),
    (
        "closing",
        ("week",),
        (
            "closing this week",
            "closes this week",
            "closing within a week",
            "closing soon",
            "closes soon",
            "ending soon",
        ),
    ),
)

NEGATIONS = frozenset({"no", "not", "non", "without", "never", "except"})
"""After one of these a phrase is not what somebody wants, so it stays a word."""
