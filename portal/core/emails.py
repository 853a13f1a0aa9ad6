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
