"""Where the pages of other parts stand, as the pages of applications lead to them."""

from __future__ import annotations

from flask import url_for

from portal.core.access import Actor

Link = tuple[str, str]
"""Words and address."""


def beside_list(vacancy: str, by: Actor) -> list[Link]:
    """What can be done with all applications to a vacancy."""
    pages = (
        ("Answers to send", "staff_answers.vacancy", "applications.release"),
        ("Export", "staff_exports.vacancy", "applications.export"),
        ("Registration numbers", "staff_exports.numbers", "applications.export"),
        ("Copies of applications (ZIP)", "staff_copies.archive", "applications.export"),
        ("Equality figures", "staff_equality.vacancy", "applications.export"),
        ("Late applications", "staff_admissions.late", "applications.release"),
        ("The post fell away", "staff_post_ending.post_ended", "applications.release"),
        ("The advert", "staff_vacancies.show", "vacancies.read"),
    )
    names = {"staff_vacancies.show": "reference"}
    return [
        (words, url_for(endpoint, **{names.get(endpoint, "vacancy"): vacancy}))  # type: ignore[arg-type]  # values of a path
        for words, endpoint, permission in pages
        if by.can(permission)
    ]


def outbox_of(vacancy: str, by: Actor) -> str:
    """Where answers are sent, for whoever may; else empty."""
    return url_for("staff_answers.vacancy", vacancy=vacancy) if by.can("applications.release") else ""


def beside_application(vacancy: str, application: str) -> list[Link]:
    """The same answers on paper."""
    place = {"vacancy": vacancy, "application": application}
    pages = (("Copy to print", "staff_copies.show"), ("Copy as PDF", "staff_copies.pdf"))
    return [(words, url_for(endpoint, **place)) for words, endpoint in pages]  # type: ignore[arg-type]  # the same
