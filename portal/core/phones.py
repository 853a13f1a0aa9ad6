"""Phone numbers: any way of writing one is read; one way, E.164, is kept."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

HOME = "GB"
LONGEST_GROUP = 5
BRITISH = 44
_SEPARATORS = re.compile(r"[\s()\-./\u2010-\u2015\u2212\u200b\u200e\u202a\u202c\ufeff]")
_PLAIN = re.compile(r"\+?[0-9]{7,17}")
# Ofcom's plan: 07 is mobile, save 070 (personal numbers) and 076 (pagers; 07624 is Manx mobile).
# The library calls numbers reserved for drama unknown, so its word alone would not do.
_BRITISH_MOBILE = re.compile(r"\+447(?:[1-57-9][0-9]{8}|624[0-9]{6})")


def parse_phone(value: str) -> str:
    """The number as E.164 ("+441632960001"); raises ValueError when it cannot be one.

    Numbers without a country code are British. No digit may be missing; whether the number is in
    service is not asked, since nobody should be turned away by a list that is older than their phone.
    """
    digits = "".join(_ascii(character) for character in _SEPARATORS.sub("", value.replace("(0)", "")))
    if not _PLAIN.fullmatch(digits):
        raise ValueError("not a phone number")
    try:
        number = phonenumbers.parse(digits, HOME)
    except NumberParseException as error:
        raise ValueError("not a phone number") from error
    if not _is_complete(number):
        raise ValueError("not a possible length")
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _is_complete(number: PhoneNumber) -> bool:
    """Whether the number has all its digits, so that it can be called from anywhere.

    British ones have ten after the 0. The few with nine (some of 01, some of 0800) are taken as the library
    lists them: any other nine digits are a number with one left out. Numbers without their area code,
    which the library calls possible, cannot be called back.
    """
    if number.country_code != BRITISH:
        return phonenumbers.is_possible_number(number)
    digits = phonenumbers.national_significant_number(number)
    if len(digits) == 9:
        return phonenumbers.is_valid_number(number)
    return len(digits) == 10 and digits[0] in "1235789"


def _ascii(character: str) -> str:
    """Digits of any script as 0 to 9, anything else as it is."""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def is_mobile(number: str) -> bool:
    """Whether a text message can be sent to this E.164 number, as far as the numbering plans tell."""
    if number.startswith("+44"):
        return _BRITISH_MOBILE.fullmatch(number) is not None
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    except NumberParseException:
        return False
    return kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@lru_cache(maxsize=1_000)
def display_phone(number: str) -> str:
    """A kept number as people write it: British ones without the country code; junk comes back as it is."""
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return number
    british = parsed.country_code == BRITISH
    return str(
        phonenumbers.format_number(
            parsed, PhoneNumberFormat.NATIONAL if british else PhoneNumberFormat.INTERNATIONAL
        )
    )


@lru_cache(maxsize=256)
def dialled(number: str) -> str:
    """One of our own numbers as a phone dials it from anywhere; short ones (999) stay as they are."""
    try:
        return parse_phone(number)
    except ValueError:
        return re.sub(r"[^0-9+]", "", number)


@lru_cache(maxsize=256)
def in_groups(number: str) -> str:
    """A number in groups of at most five digits: more are read out as one large number ("1 billion …")."""
    if all(len(group) <= LONGEST_GROUP for group in number.split()):
        return number
    shown = display_phone(dialled(number))
    return re.sub(r"([0-9]{3})([0-9]{3})(?![0-9])", r"\1 \2", shown)
