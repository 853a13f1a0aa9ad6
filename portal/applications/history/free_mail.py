"""Domains at which anybody gets a mailbox: a reference from there may come from anybody. A reason to look."""

from __future__ import annotations

FAMILIES = frozenset(
    {"gmail", "googlemail", "hotmail", "outlook", "msn", "yahoo"}
    | {"ymail", "rocketmail", "icloud", "aol", "gmx", "proton"}
    | {"protonmail", "tutanota", "tuta", "zoho", "fastmail", "hushmail"}
    | {"yandex", "btinternet", "btopenworld", "virginmedia", "talktalk", "tiscali"}
    | {"ntlworld", "blueyonder"}
)
"""Names before the first dot: outlook.com, outlook.fr and yahoo.co.uk alike."""

DOMAINS = frozenset(
    {
        "me.com",
        "mac.com",
        "sky.com",
        "pm.me",
        "duck.com",
        "web.de",
        "o2.co.uk",
        "orange.net",
        "plus.com",
        "qq.com",
    }
)
"""Domains whose name alone would mean others too."""

MAIL_OF_OTHERS = frozenset({"mail", "live", "plus"})
"""Names that organisations use too: mail.example.org is no free mailbox."""


def is_free_mail(address: str) -> bool:
    """Whether the mailbox is at a domain that gives mailboxes to everybody."""
    domain = address.rpartition("@")[2].strip().casefold()
    name, _dot, rest = domain.partition(".")
    if domain in DOMAINS:
        return True
    if name in MAIL_OF_OTHERS:
        return rest in {"com", "co.uk", "ru", "fr", "de"}
    return name in FAMILIES
