"""A snapshot with something to hide in every section that has it."""

from __future__ import annotations

from typing import Any

SECRETS = {
    "given_names": "Zoë",
    "family_name": "Hiddenname",
    "previous_name": "Formername",
    "email": "zoe.hiddenname@example.com",
    "phone": "07700 900 982",
    "address1": "17 Hiddenstreet",
    "swe_number": "SW98765",
    "referee_name": "Refereename",
    "adjustments_details": "Hiddenadjustment",
    "relationship_details": "Hiddenrelative",
}
"""What nobody may read under the veil."""
SHOWN = {"statement": "I have worked with families for six years.", "employer": "Northshire Council"}


def row(name: str, question: str, text: str) -> dict[str, Any]:
    return {"name": name, "question": question, "text": text, "answer": text}


def group(step: str, *rows: dict[str, Any], heading: str = "", item: str | None = None) -> dict[str, Any]:
    return {"step": step, "heading": heading, "item": item, "rows": list(rows)}


def section(slug: str, title: str, *groups: dict[str, Any]) -> dict[str, Any]:
    return {"slug": slug, "title": title, "groups": list(groups)}


def make_snapshot(**instead: str) -> dict[str, Any]:
    """The sections of an application, shortened."""
    said = {**SECRETS, **SHOWN, **instead}
    details = [
        row(name, name.replace("_", " ").capitalize(), said[name])
        for name in ("given_names", "family_name", "previous_name", "email", "phone", "address1")
    ]
    referee = row("name", "Name", said["referee_name"])
    return {
        "journey": "application",
        "version": "2026-11",
        "title": "Apply",
        "sections": [
            section("details", "Your details", group("details", *details)),
            section(
                "registration",
                "Professional registration",
                group("registration", row("swe_number", "Social Work England number", said["swe_number"])),
            ),
            section(
                "employment",
                "Employment history",
                group(
                    "jobs", row("employer", "Employer", said["employer"]), heading=said["employer"], item="a"
                ),
            ),
            section(
                "statement",
                "Supporting statement",
                group("statement", row("statement", "Your statement", said["statement"])),
            ),
            section(
                "referees", "References", group("referees", referee, heading=said["referee_name"], item="b")
            ),
            section(
                "support",
                "Support",
                group(
                    "support", row("adjustments_details", "What do you need?", said["adjustments_details"])
                ),
            ),
            section(
                "declarations",
                "Declarations",
                group(
                    "declarations", row("relationship_details", "Who is it?", said["relationship_details"])
                ),
            ),
        ],
    }
