"""What all fields of the portal's forms have in common.

A field lives in three shapes: what somebody typed (`typed`, shown again after an error), the parsed value
(`data`, what services get) and the answer (`answer`, JSON, what a draft keeps). `display` turns an answer
into words wherever answers are shown: check-answers, staff pages, mail, print and export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation

from portal.core.text import clean_line
from portal.core.validators import Required

Params = dict[str, Any]
Rule = Callable[[Any, Any], None]

WIDTHS = {
    **{size: f"govuk-input--width-{size}" for size in ("2", "3", "4", "5", "10", "20", "30")},
    **{
        part: f"govuk-!-width-{part}"
        for part in ("full", "three-quarters", "two-thirds", "one-half", "one-third", "one-quarter")
    },
}


class PortalField(Field):
    """A question with its wording, its rules and its three shapes."""

    component = "input"
    input_type = "text"
    holds_answer = True
    """False for what is sent along but is not an answer: hidden fields, passwords, traps for robots."""

    typed: Any = ""
    problem = ""
    """Why what was typed cannot be read at all; rules then have nothing to judge."""

    def __init__(
        self,
        label: str = "",
        validators: Iterable[Rule] = (),
        *,
        required: str = "",
        hint: str = "",
        width: str = "",
        autocomplete: str = "",
        short_label: str = "",
        subject: str = "",
        optional_wording: bool | None = None,
        asked_when: Callable[[Any], bool] | None = None,
        in_summary: bool = True,
        spellcheck: bool | None = None,
        **options: Any,
    ) -> None:
        rules = (*((Required(required),) if required else ()), *validators)
        super().__init__(label, rules, **options)
        self.form = options.get("_form")
        self.required = required
        self.hint = hint
        self.classes = WIDTHS[width] if width else ""
        self.autocomplete = autocomplete
        self.question = short_label or label
        self.subject = subject or label
        if optional_wording is None:
            optional_wording = not any(getattr(rule, "makes_required", False) for rule in rules)
        self.optional_wording = optional_wording
        self.asked_when = asked_when
        self.in_summary = in_summary
        self.spellcheck = spellcheck

    # What comes in

    def process_data(self, value: Any) -> None:
        """WTForms' name for taking a stored answer (or the default)."""
        self.read_answer(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """WTForms' name for taking what was posted; a field that is missing there was left empty."""
        self.read_typed([value for value in valuelist if isinstance(value, str)])

    def read_typed(self, values: list[str]) -> None:
        """Take what was typed: at most one value counts."""
        self.parse(values[0] if values else "")

    def read_answer(self, value: Any) -> None:
        """Take a stored answer; one of an unexpected kind counts as none."""
        self.parse(value if isinstance(value, str) else "")

    def parse(self, text: str) -> None:
        """Set `typed`, `data` and `problem` from text."""
        self.typed = self.data = clean_line(text)
        self.problem = ""

    # What is made of it

    @property
    def empty(self) -> bool:
        """Whether nothing was given."""
        return self.data is None or self.data in ("", [])

    @property
    def answer(self) -> Any:
        """The JSON value that a draft keeps; what could not be read is kept as typed."""
        return self.typed if self.problem else self.data

    def display(self, value: Any) -> str:
        """An answer in words; never raises, whatever it is given."""
        return value if isinstance(value, str) else ""

    # Rules

    @property
    def asked(self) -> bool:
        """Whether this question is put at all, given the rest of the form."""
        revealed = getattr(self.form, "revealed_by", None)
        if revealed is not None and not revealed(self):
            return False
        return self.asked_when is None or self.asked_when(self.form)

    def pre_validate(self, form: Any) -> None:
        """A question that was not put has no rules; what cannot be read has one message."""
        if not self.asked:
            raise StopValidation
        if self.problem:
            raise StopValidation(self.problem)

    @property
    def error(self) -> str:
        """The message beside the field; there is one at most."""
        return str(self.errors[0]) if self.errors else ""

    # What goes out

    @property
    def focus_id(self) -> str:
        """The id of the input that a link in the error summary leads to."""
        return self.id

    @property
    def label_text(self) -> str:
        """The visible label, with “(optional)” where nothing need be given."""
        return f"{self.label.text} (optional)" if self.optional_wording else self.label.text

    @property
    def heading_text(self) -> str:
        """What the page is called when this is its only question."""
        return self.label_text

    def label_params(self, *, heading: bool, grouped: bool = False) -> Params:
        """The label as the macros take it: a heading of the page, a question, or a part of a group."""
        classes = "govuk-label--l" if heading else ("" if grouped else "govuk-label--s")
        return {"text": self.label_text, "isPageHeading": heading, "classes": classes}

    def legend_params(self, *, heading: bool) -> Params:
        """The same for fields that are a group of inputs."""
        classes = "govuk-fieldset__legend--l" if heading else "govuk-fieldset__legend--s"
        return {"legend": {"text": self.label_text, "isPageHeading": heading, "classes": classes}}

    def base_params(self) -> Params:
        """Name, hint and error message, alike for every component."""
        params: Params = {"id": self.id, "name": self.name}
        if self.hint:
            params["hint"] = {"text": self.hint}
        if self.errors:
            params["errorMessage"] = {"text": self.error}
        return params

    def params(self, *, heading: bool = False, grouped: bool = False) -> Params:
        """Everything the GOV.UK macro of `component` takes."""
        params = self.base_params()
        params |= {"label": self.label_params(heading=heading, grouped=grouped), "value": self.typed}
        params |= {"classes": self.classes, "type": self.input_type}
        if self.autocomplete:
            params["autocomplete"] = self.autocomplete
        if self.spellcheck is not None:
            params["spellcheck"] = self.spellcheck
        return params

    def chosen(self, code: str) -> bool:
        """Whether this code was chosen; only choice fields have codes."""
        return False

    def sibling(self, name: str) -> PortalField | None:
        """Another field of the same form."""
        field = self.form[name] if self.form is not None and name in self.form else None
        return field if isinstance(field, PortalField) else None

    def revealed_fields(self) -> Mapping[str, tuple[str, ...]]:
        """Choice to the names of the fields that it reveals; most fields have none."""
        return {}

    def revealing(self, name: str) -> tuple[str, ...]:
        """The choices that reveal this field; it is drawn beneath the last of them."""
        return tuple(choice for choice, names in self.revealed_fields().items() if name in names)
