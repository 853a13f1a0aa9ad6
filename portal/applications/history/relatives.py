"""Words that say somebody is family: a referee who seems to be is a reason to look, never a refusal."""

from __future__ import annotations

import re

RELATIVE = re.compile(
    r"\b(step|god|grand|foster|ex|great)?[- ]?"
    r"(mother|mum|mummy|mam|mom|father|dad|daddy|brother|sister|sibling|son|daughter|aunt|aunty|auntie|uncle"
    r"|cousin|niece|nephew|ma|pa|child|wife|husband|spouse|partner|fianc[eé]e?|girlfriend|boyfriend"
    r"|nan|nana|gran|granny|grandad|my parent|my child)(s|[’\']s)?\b"
)
"""Relatives in the words of people, small letters."""

NOT_ALONE = frozenset({"ma", "pa", "child"})
"""Words that mean a relative only with one before them: a grandchild, not a child; a grandma, not an MA."""

OTHERS = re.compile(
    r"\b((ward|charge|nursing|theatre|junior|senior|clinic)[- ]sister"
    r"|sister[- ](in[- ]charge|school|service|organisation|company|home|team)"
    r"|(business|professional|clinical|link|delivery|hr)[- ]partners?"
    r"|partner[- ](agency|organisation|organization|school|service|authority|trust|college|council|team)s?"
    r"|mother[- ](and|&)[- ]baby|(parent|father|mother)[- ](and|&)[- ](child|toddler)|fathers[- ]group)\b"
)
"""The same words where they mean work."""


def sounds_like_family(relationship: str) -> bool:
    """Whether a referee’s relationship is told in words for relatives or partners."""
    words = OTHERS.sub(" ", relationship.casefold())
    return any(found[1] or found[2] not in NOT_ALONE for found in RELATIVE.finditer(words))
