"""E-mail addresses: exactly one, in the plain form that every mail system takes. The network is not asked."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

LONGEST = 254
"""Characters of an address in all (RFC 5321 allows 256 with its angle brackets)."""


def parse_email(value: str) -> str:
    """The address with its domain in lower case; raises ValueError when it is not exactly one address.

    Only ASCII is taken: an address that looks like another one must never be one, and a line break of
    any alphabet must never reach a header. The part before the @ is kept as typed, because mail systems
    may tell capitals apart there. A domain that browsers write as "xn--…" stays so: what is kept must be
    readable here again.
    """
    address = value.strip(" \t\r\n\u00a0\u200b\ufeff")
    if len(address) > LONGEST or not address.isascii() or not address.isprintable():
        raise ValueError("not an ordinary address")
    try:
        read = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError("not an address") from error
    if read.ascii_email is None:
        raise ValueError("not an ordinary address")
    return read.ascii_email


DOTS_DO_NOT_COUNT = frozenset({"gmail.com", "googlemail.com"})
"""Where a mailbox is one mailbox however its name is dotted."""


def mailbox_key(address: str) -> str:
    """What two ways of writing one mailbox have in common; for comparing, never for sending.

    Capitals count nowhere in practice; dots and what follows a plus do not count at Google.
    """
    local, _at, domain = address.strip().casefold().rpartition("@")
    if domain in DOTS_DO_NOT_COUNT:
        local, domain = local.partition("+")[0].replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses lead to one mailbox, as far as can be told from their writing."""
    return mailbox_key(one) == mailbox_key(other)
