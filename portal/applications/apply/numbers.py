"""Numbers of the two registers, as people write them and as the registers do (domain recruitment §2)."""

from __future__ import annotations

import re
import unicodedata

from portal.core.field_base import PortalField
from portal.core.fields import TextField
from portal.core.text import clean_line

BETWEEN = re.compile(r"[\s\-\u2010-\u2015.]+")
SWE = re.compile(r"SW0*([1-9][0-9]{0,5})", re.ASCII)
HCPC = re.compile(r"PYL[0-9]{1,6}", re.ASCII)


def plain(text: str) -> str:
    """Without blanks and hyphens, in capitals, and with the digits 0 to 9 for those of any script."""
    digits = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return BETWEEN.sub("", "".join(digits)).upper()


def swe_number(text: str) -> str | None:
    """`sw 000-123` is SW123: Social Work England dropped the noughts of the old register."""
    found = SWE.fullmatch(plain(text))
    return f"SW{found[1]}" if found else None


def hcpc_number(text: str) -> str | None:
    """`pyl 001234` is PYL001234: here noughts belong to the number."""
    number = plain(text)
    return number if HCPC.fullmatch(number) else None


class SweNumberField(TextField):
    """A Social Work England number."""

    def parse(self, text: str) -> None:
        """As the register writes it."""
        read_number(self, swe_number(clean_line(text)), text)
        if self.problem:
            self.problem = "Enter a Social Work England registration number in the correct format"


class HcpcNumberField(TextField):
    """A practitioner psychologist’s number."""

    def parse(self, text: str) -> None:
        """As the register writes it."""
        read_number(self, hcpc_number(clean_line(text)), text)
        if self.problem:
            self.problem = "Enter an HCPC registration number in the correct format"


def read_number(field: PortalField, number: str | None, text: str) -> None:
    """Take the number, or what was typed with the mark of a problem."""
    field.typed = field.data = clean_line(text)
    field.problem = ""
    if number is not None:
        field.data = number
    elif field.typed:
        field.problem = "unread"
