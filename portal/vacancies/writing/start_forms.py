"""Beginning an advert, and the texts to start from."""

from __future__ import annotations

from typing import Any

from portal.core.fields import HiddenField, RadioField, SelectField, TextField
from portal.core.forms import PortalForm
from portal.core.text import ascii_digits
from portal.core.validators import MaxLength, Required

LARGEST_VERSION = 9
"""Digits of a version; more than a template is ever saved."""


def number_of(text: object) -> int:
    """The number in a hidden field or a choice; 0 for junk, which is no version and no template."""
    word = str(text or "")
    return int(word) if ascii_digits(word) and len(word) <= LARGEST_VERSION else 0


def ways(form: Any) -> list[tuple[str, str]]:
    """Templates are offered where there are some."""
    template = [("template", "With a template")] if form.facts.get("templates") else []
    return [
        ("blank", "With an empty advert"),
        *template,
        ("copy", "With a copy of another advert, for another post"),
        ("relist", "By advertising the same post again, with new dates"),
    ]


class StartForm(PortalForm):
    """What a new advert begins with."""

    begin_with = RadioField(
        "How do you want to begin?",
        choices=ways,
        reveals={"template": "template", "copy": "copied", "relist": "relisted"},
        required="Select how you want to begin",
    )
    template = SelectField(
        "Template", choices=lambda form: form.facts.get("templates", ()), required="Select the template"
    )
    copied = TextField(
        "Reference of the advert",
        [Required("Enter the reference of the advert to copy"), MaxLength(24, "Reference")],
        width="10",
        hint="For example, SCC-CS-2026-0001. Dates, approval and decisions are not copied",
        spellcheck=False,
    )
    relisted = TextField(
        "Reference of the advert",
        [Required("Enter the reference of the advert to repeat"), MaxLength(24, "Reference")],
        width="10",
        hint="One that was not filled, was filled in part or was cancelled",
        spellcheck=False,
    )


class KeepTemplateForm(PortalForm):
    """Keeping texts as a template."""

    keep_as = RadioField(
        "How do you want to keep it?",
        choices=lambda form: [
            ("new", "As a new template"),
            *([("replace", "In place of a template that there is")] if form.facts.get("templates") else []),
        ],
        reveals={"new": "name", "replace": "replaced"},
        required="Select how you want to keep it",
    )
    name = TextField(
        "Name of the template",
        [Required("Enter a name for the template"), MaxLength(100, "Name")],
        hint="For example, Social worker, Family Safeguarding",
    )
    replaced = SelectField(
        "Template to replace",
        choices=lambda form: form.facts.get("versions", ()),
        required="Select the template to replace",
        unknown="Select the template again: it was changed meanwhile",
    )


class RenameForm(PortalForm):
    """Another name for a template."""

    name = TextField("New name", [Required("Enter a name for the template"), MaxLength(100, "Name")])
    version = HiddenField()


class SeenVersionForm(PortalForm):
    """A button that acts on what the page showed."""

    version = HiddenField()
