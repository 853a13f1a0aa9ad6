"""The base of every form: answers in and out, errors, the CSRF token, and signs of robots.

A form can be made from a request or from stored answers alone (no request, no CSRF token), so that the
rules that judged a page judge the whole journey again before it is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from flask import current_app, request
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, Signer
from wtforms import Field
from wtforms.i18n import DummyTranslations

from portal.core import clock
from portal.core.context import current_actor
from portal.core.errors import InvalidInput
from portal.core.field_base import Params, PortalField
from portal.core.fields import HiddenField, TextField
from portal.core.kept_words import TYPED_BY, sign_typist
from portal.core.text import ascii_digits
from portal.core.times import read_time

SESSION_ENDED = (
    "You were away for a while, so we could not be sure that this came from you. "
    "What you entered is still here: check it and continue again"
)

FASTEST_PERSON = 3
"""Seconds; a form that comes back sooner was probably not filled in by a person. A flag, never a refusal."""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Several fields under one legend: the parts of an address, numbers of children by age."""

    legend: str
    names: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary; `href` leads to the first input concerned."""

    text: str
    href: str = ""


class Linked(str):
    """A message over a form that leads to a place on the page."""

    __slots__ = ("href",)
    href: str

    def __new__(cls, text: str, href: str) -> Self:
        """The message, and where it leads."""
        message = super().__new__(cls, text)
        message.href = href
        return message


class PortalForm(FlaskForm):
    """Shape and wording of input; knows neither session nor database.

    `facts` are what the installation contributes (lists of options); `given` are answers of other pages.
    """

    groups: tuple[FieldGroup, ...] = ()
    token_refused = False
    """Whether the CSRF token was missing, old or somebody else's."""

    class Meta:
        """Nothing is read from JSON bodies or files; messages are ours, so there is nothing to translate."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was posted, even when it is empty: an empty post is an answer, not a first visit."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return request.form if form.is_submitted() else None

        def get_translations(self, form: Any) -> Any:
            """None needed."""
            return DummyTranslations()

    def __init__(
        self,
        *args: Any,
        facts: Mapping[str, Any] | None = None,
        given: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.facts = facts or {}
        self.given = given or {}
        super().__init__(*args, **kwargs)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a field whose name would hide something that every form has."""
        super().__init_subclass__(**kwargs)
        for name, value in vars(cls).items():
            if hasattr(value, "_formfield") and hasattr(PortalForm, name):
                raise TypeError(f"a field of {cls.__name__} cannot be called {name}")

    @classmethod
    def from_answers(
        cls,
        answers: Mapping[str, Any],
        *,
        facts: Mapping[str, Any] | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> Self:
        """A form that holds stored answers; needs no request and carries no token."""
        return cls(None, data=answers, facts=facts, given=given, meta={"csrf": False})

    # Fields

    @property
    def portal_fields(self) -> Iterator[PortalField]:
        """The fields of this project's kinds; WTForms' own token field is not among them."""
        return (field for field in self if isinstance(field, PortalField))

    def portal_field(self, name: str) -> PortalField:
        """A field of this project's kinds, by its name."""
        field = self[name]
        if not isinstance(field, PortalField):
            raise KeyError(name)
        return field

    @property
    def questions(self) -> Iterator[PortalField]:
        """The fields that hold answers."""
        return (field for field in self.portal_fields if field.holds_answer)

    @property
    def hidden_fields(self) -> Iterator[PortalField]:
        """What the page carries along unseen."""
        return (field for field in self.portal_fields if field.component == "hidden")

    @cached_property
    def reveals(self) -> dict[str, tuple[PortalField, tuple[str, ...]]]:
        """Name of a revealed field to the field and the choices that reveal it."""
        return {
            name: (field, field.revealing(name))
            for field in self.portal_fields
            for names in field.revealed_fields().values()
            for name in names
        }

    def revealed_by(self, field: PortalField) -> bool:
        """Whether a choice that reveals this field was made; true for a field that needs no revealing."""
        if field.short_name not in self.reveals:
            return True
        source, choices = self.reveals[field.short_name]
        return source.asked and any(map(source.chosen, choices))

    def layout(self) -> list[tuple[FieldGroup | None, list[PortalField]]]:
        """What the page draws, in order: fields on their own, and groups where their first field stands."""
        group_of = {name: group for group in self.groups for name in group.names}
        drawn: dict[str, list[PortalField]] = {}
        rows: list[tuple[FieldGroup | None, list[PortalField]]] = []
        for field in self.portal_fields:
            name = field.short_name
            if field.component in ("hidden", "trap") or name in self.reveals:
                continue
            group = group_of.get(name)
            if group is not None and group.legend in drawn:
                drawn[group.legend].append(field)
                continue
            row = [field]
            if group is not None:
                drawn[group.legend] = row
            rows.append((group, row))
        return rows

    @property
    def only_question(self) -> PortalField | None:
        """The one field of a page that asks one thing: its label is then the page's heading."""
        rows = [(group, row[0]) for group, row in self.layout() if row[0].holds_answer]
        if len(rows) == 1 and rows[0][0] is None and rows[0][1].heading_text:
            return rows[0][1]
        return None

    # Answers

    def answers(self) -> dict[str, Any]:
        """Every answer as JSON; questions that were not put are left out."""
        return {field.short_name: field.answer for field in self.questions if field.asked}

    # Rules and errors

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Judge every field, then the form as a whole. An ended session is one message, alone."""
        self.form_errors = []
        super().validate(extra_validators)
        self.token_refused = self.token is not None and bool(self.token.errors)
        if self.token_refused:
            for field in self:
                field.errors = ()
            self.form_errors = [SESSION_ENDED]
            return False
        self.check()
        return not self.errors

    def check(self) -> None:
        """Rules over several fields; override and call `add_error`."""

    @property
    def token(self) -> Field | None:
        """The CSRF token's field; forms made from answers or from a query string have none."""
        return self._fields.get("csrf_token")

    def add_error(self, name: str | None, message: str) -> None:
        """Put a message beside a field, or over the form when there is no such field."""
        field = self._fields.get(name) if name is not None else None
        if field is None:
            self.form_errors = [*self.form_errors, message]
        else:
            field.errors = [*field.errors, message]

    def need_moment(self, day: str, hour: str, what: str) -> bool:
        """Both parts of a moment, each with its own message; whether they are one. `what`: “of the visit”."""
        on, time = self[day], self[hour].data
        if not on.data and not on.errors:
            self.add_error(day, f"Enter the date {what}")
        if not time:
            self.add_error(hour, f"Enter the time {what}")
        elif read_time(time) is None:
            self.add_error(hour, f"Enter the time {what} like 2:30pm or 14:30")
        else:
            return bool(on.data)
        return False

    @contextmanager
    def catching(self) -> Iterator[None]:
        """Turn a service's InvalidInput into an error of this form; what follows the block shows it.

        Stands left of `transaction()`, so that the transaction is undone first.
        """
        try:
            yield
        except InvalidInput as refusal:
            for one in (refusal, *refusal.also):
                self.add_error(one.field, one.message)

    @property
    def status(self) -> int:
        """HTTP status of the page that shows this form."""
        return 422 if self.errors else 200

    def problems(self) -> list[Problem]:
        """The lines of the error summary, in the order of the page."""
        lines = [Problem(str(message), getattr(message, "href", "")) for message in self.form_errors]
        for field in self.portal_fields:
            lines += [Problem(str(message), f"#{field.focus_id}") for message in field.errors[:1]]
        return lines


class TrapField(TextField):
    """A field that people do not see and robots fill in."""

    component = "trap"
    holds_answer = False


class Honeypot(PortalForm):
    """A form that notes signs of not being filled in by a person. They are flags; nobody is turned away."""

    website = TrapField("Leave this box empty", autocomplete="off", optional_wording=False)
    shown_at = HiddenField()

    def looks_automated(self) -> tuple[str, ...]:
        """The signs: the trap was filled, the time was forged, or the answer came within three seconds."""
        signs = ["trap"] if self.website.typed else []
        try:
            text = signer().unsign(str(self.shown_at.typed).encode("utf-8", "replace")).decode()
        except BadSignature:
            return (*signs, "forged_time")
        shown = int(text) if ascii_digits(text) else 0
        if clock.now().timestamp() - shown < FASTEST_PERSON:
            signs.append("too_fast")
        return tuple(signs)


def signer() -> Signer:
    """Signs the time at which a form was shown; older keys still read what they signed."""
    keys = [*(current_app.config.get("SECRET_KEY_FALLBACKS") or ()), current_app.secret_key]
    return Signer(keys, salt="portal.form.shown_at", digest_method=hashlib.sha256)


def stamp() -> str:
    """This moment, signed, for the page that is being shown."""
    return signer().sign(str(int(clock.now().timestamp()))).decode()


def hidden_inputs(form: PortalForm) -> Iterable[Params]:
    """Name and value of each hidden input; last the mark of the end, without which a body is refused."""
    token: Any = form.token
    if token is not None:
        yield {"name": token.name, "value": token.current_token}
    typist = current_actor().owner
    if typist is not None:
        yield {"name": TYPED_BY, "value": sign_typist(typist)}
    for field in form.hidden_fields:
        is_stamp = isinstance(form, Honeypot) and field is form.shown_at
        yield {"name": field.name, "value": stamp() if is_stamp else field.typed}
    yield {"name": "form_end", "value": "1"}
