"""Fields where something is chosen. A code that is not offered gets the field's message, never a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wtforms.validators import StopValidation

from portal.core.field_base import Params, PortalField, Rule
from portal.core.text import clean_line


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose. `divider` is a word drawn before it (“or”); `exclusive` excludes all others."""

    value: str
    label: str
    hint: str = ""
    exclusive: bool = False
    divider: str = ""


Choices = Sequence[Choice | tuple[str, str]]

YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
YES_NO_NOT_SURE: Choices = (*YES_NO, ("not_sure", "I’m not sure"))


class ChoiceField(PortalField):
    """What radios, checkboxes and lists share: codes with labels, and other fields that a choice reveals."""

    def __init__(
        self,
        label: str = "",
        validators: Iterable[Rule] = (),
        *,
        choices: Choices | Callable[[Any], Choices] = (),
        reveals: Mapping[str, str | tuple[str, ...]] | None = None,
        unknown: str = "",
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self._choices = choices
        self.reveals = {
            choice: (names,) if isinstance(names, str) else names for choice, names in (reveals or {}).items()
        }
        self.unknown = unknown or self.required or f"Select {self.subject[:1].lower()}{self.subject[1:]}"

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """What is offered on this form; a function of the form is asked once."""
        given = self._choices(self.form) if callable(self._choices) else self._choices
        return tuple(choice if isinstance(choice, Choice) else Choice(*choice) for choice in given)

    @cached_property
    def codes(self) -> dict[str, Choice]:
        """The choices by their codes."""
        return {choice.value: choice for choice in self.choices}

    def label_of(self, code: str) -> str:
        """The words of a code; of one that is no longer offered, the code itself."""
        choice = self.codes.get(code)
        return choice.label if choice else code

    def chosen(self, code: str) -> bool:
        """Whether the code is (one of) the chosen."""
        return bool(self.data == code)

    def revealed_fields(self) -> Mapping[str, tuple[str, ...]]:
        """See PortalField."""
        return self.reveals

    def item(self, choice: Choice) -> Params:
        """One choice as the macros take it."""
        item: Params = {"value": choice.value, "text": choice.label, "checked": self.chosen(choice.value)}
        if choice.hint:
            item["hint"] = {"text": choice.hint}
        return item

    def items(self) -> list[Params]:
        """All choices, each divider before its choice."""
        items: list[Params] = []
        for choice in self.choices:
            if choice.divider:
                items.append({"divider": choice.divider})
            items.append(self.item(choice))
        return items


class RadioField(ChoiceField):
    """One of a few. Nothing is chosen beforehand. `inline` is for two short choices."""

    component = "radios"

    def __init__(
        self, label: str = "", validators: Iterable[Rule] = (), *, inline: bool = False, **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.inline = inline

    def parse(self, text: str) -> None:
        """A code that is offered, or none."""
        self.typed = clean_line(text)
        self.data = self.typed or None
        self.problem = ""

    def pre_validate(self, form: Any) -> None:
        """Judged here and not while reading: what is offered may depend on the rest of the form."""
        super().pre_validate(form)
        if self.data and self.data not in self.codes:
            raise StopValidation(self.unknown)

    def display(self, value: Any) -> str:
        """The words of the code."""
        return self.label_of(value) if isinstance(value, str) and value else ""

    def params(self, *, heading: bool = False, grouped: bool = False) -> Params:
        """Radios stand in a fieldset whose legend is the question."""
        params = {**self.base_params(), "idPrefix": self.id, "items": self.items()}
        params["fieldset"] = self.legend_params(heading=heading)
        if self.inline:
            params["classes"] = "govuk-radios--inline"
        return params


class SelectField(RadioField):
    """One of many, in a drop-down list; `prompt` is its first, empty line."""

    component = "select"

    def __init__(
        self,
        label: str = "",
        validators: Iterable[Rule] = (),
        *,
        prompt: str = "Choose from the list",
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self.prompt = prompt

    def params(self, *, heading: bool = False, grouped: bool = False) -> Params:
        """A list knows `selected` where radios know `checked`."""
        params = self.base_params()
        params["label"] = self.label_params(heading=heading, grouped=grouped)
        options = [
            {"value": choice.value, "text": choice.label, "selected": self.chosen(choice.value)}
            for choice in self.choices
        ]
        params["items"] = [{"value": "", "text": self.prompt}, *options] if self.prompt else options
        params["classes"] = self.classes
        return params


class CheckboxesField(ChoiceField):
    """Any number of choices; an exclusive one (“None of these”) stands alone."""

    component = "checkboxes"

    def read_typed(self, values: list[str]) -> None:
        """Every box that was ticked, once each, in the order of the question."""
        self.typed = self.data = list(dict.fromkeys(code for value in values if (code := clean_line(value))))
        self.problem = ""

    def read_answer(self, value: Any) -> None:
        """A stored list of codes."""
        self.read_typed(
            [code for code in value if isinstance(code, str)] if isinstance(value, list | tuple) else []
        )

    def pre_validate(self, form: Any) -> None:
        """Only what is offered, and an exclusive choice alone."""
        super().pre_validate(form)
        if any(code not in self.codes for code in self.data):
            raise StopValidation(self.unknown)
        alone = next(
            (choice for code, choice in self.codes.items() if choice.exclusive and code in self.data), None
        )
        if alone and len(self.data) > 1:
            raise StopValidation(f"Select “{alone.label}” on its own, or select the other options that apply")

    def chosen(self, code: str) -> bool:
        """See ChoiceField."""
        return code in self.data

    @property
    def answer(self) -> list[str]:
        """In the order of the question, so that equal answers are equal; unknown codes come last."""
        known = [code for code in self.codes if code in self.data]
        return known + [code for code in self.data if code not in self.codes]

    def display(self, value: Any) -> str:
        """The words of the codes, a line each."""
        codes = value if isinstance(value, list | tuple) else []
        return "\n".join(self.label_of(code) for code in codes if isinstance(code, str))

    def item(self, choice: Choice) -> Params:
        """With what the script needs to know of an exclusive box."""
        item = super().item(choice)
        if choice.exclusive:
            item["behaviour"] = "exclusive"
        return item

    def params(self, *, heading: bool = False, grouped: bool = False) -> Params:
        """Boxes stand in a fieldset whose legend is the question."""
        params = {**self.base_params(), "idPrefix": self.id, "items": self.items()}
        return params | {"fieldset": self.legend_params(heading=heading)}


class TickField(PortalField):
    """One box to tick: something is confirmed or wanted. The label stands beside the box."""

    component = "checkboxes"

    def __init__(
        self, label: str = "", validators: Iterable[Rule] = (), *, legend: str = "", **options: Any
    ) -> None:
        super().__init__(label, validators, **{"optional_wording": False, **options})
        self.legend = legend

    def parse(self, text: str) -> None:
        """Ticked or not; which value the browser sent does not matter."""
        self.data = bool(text)
        self.typed, self.problem = self.data, ""

    def read_answer(self, value: Any) -> None:
        """Only a stored true is a tick."""
        self.parse("yes" if value is True else "")

    @property
    def empty(self) -> bool:
        """Not ticked is nothing given."""
        return not self.data

    def display(self, value: Any) -> str:
        """Yes or no; where only a tick is accepted, no tick is no answer yet."""
        return "Yes" if value is True else "Not answered" if self.required else "No"

    @property
    def heading_text(self) -> str:
        """Only a legend can head a page; the words beside a box cannot."""
        return self.legend

    def params(self, *, heading: bool = False, grouped: bool = False) -> Params:
        """A single box; a legend above it only where the author gave one."""
        params = {**self.base_params(), "idPrefix": self.id}
        params["items"] = [{"value": "yes", "text": self.label_text, "checked": self.data}]
        if self.legend:
            classes = "govuk-fieldset__legend--l" if heading else "govuk-fieldset__legend--s"
            params["fieldset"] = {
                "legend": {"text": self.legend, "classes": classes, "isPageHeading": heading}
            }
        return params
