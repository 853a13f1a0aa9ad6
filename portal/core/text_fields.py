"""Fields that are typed: lines, longer text, addresses and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from portal.core.emails import parse_email
from portal.core.field_base import Params, PortalField, Rule
from portal.core.phones import display_phone, is_mobile, parse_phone
from portal.core.postcodes import normalise_postcode, suggest_postcode
from portal.core.text import clean_line, clean_text
from portal.core.validators import MaxLength

LARGEST = 2**63 - 1
"""The largest number that both databases can hold."""

THOUSANDS = re.compile(r"(?<=[0-9])[,\s](?=[0-9]{3}(?![0-9]))", re.ASCII)
"""A comma or a space between thousands."""


class TextField(PortalField):
    """One line of text."""


class SearchField(TextField):
    """What to look for; drawn as a search box."""

    input_type = "search"


class TextAreaField(PortalField):
    """Text of several lines; `count` limits its length and shows how much is left."""

    component = "textarea"

    def __init__(
        self,
        label: str = "",
        validators: Iterable[Rule] = (),
        *,
        count: int = 0,
        rows: int = 5,
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self.count = count
        self.rows = rows
        if count:
            self.component = "character-count"
            self.validators = (*self.validators, MaxLength(count, self.subject))

    def parse(self, text: str) -> None:
        """Keep the lines."""
        self.typed = self.data = clean_text(text)
        self.problem = ""

    def params(self, *, heading: bool = False, grouped: bool = False) -> Params:
        """A text area with its rows and, if there is a limit, its counter."""
        params = super().params(heading=heading, grouped=grouped)
        params |= {"rows": self.rows, "maxlength": self.count or None}
        # The macros indent what they nest; written as a reference, a line break stays what was typed.
        params["value"] = escape(self.typed).replace("\n", Markup("&#10;"))
        return params


class EmailField(PortalField):
    """One e-mail address; the message is GOV.UK's wording of the format."""

    input_type = "email"

    def __init__(self, label: str = "Email address", validators: Iterable[Rule] = (), **options: Any) -> None:
        super().__init__(label, validators, **{"autocomplete": "email", "spellcheck": False, **options})

    def parse(self, text: str) -> None:
        """The address is read from the text as it came, so that nothing is cleaned into an address."""
        self.typed = self.data = clean_line(text)
        self.problem = ""
        if not self.typed:
            return
        try:
            self.data = parse_email(text)
        except ValueError:
            self.problem = "Enter an email address in the correct format, like name@example.com"


class PhoneField(PortalField):
    """A phone number of any country, written in any way; `data` is E.164."""

    input_type = "tel"

    def __init__(self, label: str = "Phone number", validators: Iterable[Rule] = (), **options: Any) -> None:
        super().__init__(label, validators, **{"autocomplete": "tel", "width": "20", **options})

    def parse(self, text: str) -> None:
        """Keep what was typed beside the number, so that it is not rewritten under somebody's hands."""
        self.typed = self.data = clean_line(text)
        self.problem = ""
        if not self.typed:
            return
        try:
            self.data = parse_phone(self.typed)
        except ValueError:
            self.problem = "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192"

    def read_answer(self, value: Any) -> None:
        """A kept number is shown the way people write it."""
        super().read_answer(value)
        if self.data and not self.problem:
            self.typed = display_phone(self.data)

    @property
    def is_mobile(self) -> bool:
        """Whether a text message can be sent to it."""
        return bool(self.data) and not self.problem and is_mobile(self.data)

    def display(self, value: Any) -> str:
        """The number as people write it."""
        return display_phone(value) if isinstance(value, str) else ""


class PostcodeField(PortalField):
    """A full UK postcode, by its form; `otherwise` says what to do without one, after “or”."""

    def __init__(
        self,
        label: str = "Postcode",
        validators: Iterable[Rule] = (),
        *,
        otherwise: str = "",
        **options: Any,
    ) -> None:
        super().__init__(
            label,
            validators,
            **{"autocomplete": "postal-code", "width": "10", "spellcheck": False, **options},
        )
        self.otherwise = otherwise

    def parse(self, text: str) -> None:
        """A likely reading is offered, never taken."""
        self.typed = self.data = clean_line(text)
        self.problem = ""
        if not self.typed:
            return
        postcode = normalise_postcode(self.typed)
        if postcode is not None:
            self.data = postcode
            return
        suggestion = suggest_postcode(self.typed)
        self.problem = "Enter a full UK postcode, like SO14 7LY"
        if self.otherwise and not suggestion:
            self.problem += f", or {self.otherwise}"
        if suggestion:
            self.problem = f"Enter a full UK postcode. Did you mean {suggestion}?"


class NumberField(PortalField):
    """A number in digits, between bounds; `decimals` allows so many places and makes `data` a Decimal."""

    def __init__(
        self,
        label: str = "",
        validators: Iterable[Rule] = (),
        *,
        min: int | Decimal = 0,  # noqa: A002  # the words of HTML
        max: int | Decimal = LARGEST,  # noqa: A002
        decimals: int = 0,
        prefix: str = "",
        suffix: str = "",
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **{"width": "3", **options})
        if max > LARGEST or min < -LARGEST:
            raise ValueError("the databases cannot hold such numbers")
        self.lowest, self.highest = min, max
        self.decimals = decimals
        self.prefix, self.suffix = prefix, suffix
        places = rf"(?:\.[0-9]{{1,{decimals}}})?" if decimals else ""
        self.pattern = re.compile(rf"-?[0-9]{{1,19}}{places}")

    def read_answer(self, value: Any) -> None:
        """Whole numbers are kept as numbers, decimal ones as text, so that no digit is lost."""
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        self.parse(str(value) if number or isinstance(value, str) else "")

    def parse(self, text: str) -> None:
        """Digits 0 to 9, with spaces, commas between thousands and the field's own sign of money allowed."""
        self.typed = clean_line(text)
        self.data, self.problem = None, ""
        if not self.typed:
            return
        plain = THOUSANDS.sub("", self.typed.removeprefix(self.prefix).strip())
        if not self.pattern.fullmatch(plain):
            self.problem = self.unreadable(plain)
            return
        number = Decimal(plain) if self.decimals else int(plain)
        self.problem = self.out_of_bounds(number)
        self.data = number

    def unreadable(self, plain: str) -> str:
        """Why this is not a number that the field takes."""
        if re.fullmatch(r"-?[0-9]{1,19}\.[0-9]+", plain):
            places = f"have at most {self.decimals} decimal places" if self.decimals else "be a whole number"
            return f"{self.subject} must {places}"
        if re.fullmatch(r"-?[0-9]{20,}(\.[0-9]*)?", plain):
            return self.out_of_bounds(-LARGEST - 2 if plain.startswith("-") else LARGEST + 1)
        return f"{self.subject} must be a number in digits, like {max(self.lowest, min(2, self.highest))}"

    def out_of_bounds(self, number: int | Decimal) -> str:
        """The message for a number outside the bounds, empty for one inside."""
        if number < self.lowest:
            return f"{self.subject} must be {self.lowest:,} or more"
        if number > self.highest:
            return f"{self.subject} must be {self.highest:,} or less"
        return ""

    @property
    def empty(self) -> bool:
        """Zero is an answer."""
        return not self.typed

    @property
    def answer(self) -> Any:
        """See read_answer."""
        if self.problem:
            return self.typed
        return str(self.data) if isinstance(self.data, Decimal) else self.data

    def display(self, value: Any) -> str:
        """With its unit; what could not be read as it was typed."""
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal) or value == "":
            return ""
        return f"{self.prefix}{value:,}" if isinstance(value, int) else f"{self.prefix}{value}"

    def params(self, *, heading: bool = False, grouped: bool = False) -> Params:
        """Never type=number: it loses what was typed and changes under a scroll wheel."""
        params = super().params(heading=heading, grouped=grouped)
        params |= {"inputmode": "decimal" if self.decimals else "numeric", "spellcheck": False}
        if self.prefix:
            params["prefix"] = {"text": self.prefix}
        if self.suffix:
            params["suffix"] = {"text": self.suffix}
        return params


class PasswordField(PortalField):
    """A secret: taken exactly as typed, never shown again, never an answer."""

    input_type = "password"
    holds_answer = False

    def parse(self, text: str) -> None:
        """No cleaning: the comparison is exact."""
        self.data, self.typed, self.problem = text, "", ""

    @property
    def answer(self) -> Any:
        """Never kept."""
        return None

    def display(self, value: Any) -> str:
        """Never shown."""
        return ""


class HiddenField(PortalField):
    """A value that the page carries along; it comes back from the browser, so it proves nothing."""

    component = "hidden"
    holds_answer = False
