"""A candidate’s own copy: a page to print, and a PDF. Everything that they sent is in it."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.applications.copies import queries
from portal.applications.copies.content import Copy, copy_of
from portal.applications.copies.typesetting import PDF_TYPE, pdf_of
from portal.core import clock, throttle
from portal.core.access import candidate_only
from portal.core.context import current_actor
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.export import download

blueprint = Blueprint("my_copies", __name__, url_prefix="/applications")

FILES_AN_HOUR = 20
"""Files for one candidate: each takes a worker’s half second and a process. The page is not counted."""
FILES_A_MINUTE = 30
"""Files for all candidates together: a sixth of what two workers could make."""


@blueprint.get("/<reference:application>/copy")
@candidate_only
def show(application: str) -> ResponseReturnValue:
    """The copy as a page to print."""
    return page_of(own_copy(application), application)


def page_of(copy: Copy, application: str, *, unset: bool = False) -> str:
    """The page; `unset` where it stands for a PDF that could not be made."""
    return render_template(
        "applications/copies/copy.html",
        copy=copy,
        unset=unset,
        pdf_url=url_for(".pdf", application=application),
        back_url=url_for("apply.confirmation", application=application),
        among_staff=False,
    )


@blueprint.get("/<reference:application>/copy.pdf")
@candidate_only
def pdf(application: str) -> ResponseReturnValue:
    """The copy as a file."""
    copy, at = own_copy(application), clock.now()
    key = str(current_actor().candidate_id)
    throttle.hit("copies candidate", key, limit=FILES_AN_HOUR, per=timedelta(hours=1), at=at)
    throttle.hit("copies candidates", "everybody", limit=FILES_A_MINUTE, per=timedelta(minutes=1), at=at)
    made = pdf_of(copy.document())
    if made is None:
        return page_of(copy, application, unset=True)
    return download(iter((made,)), PDF_TYPE, f"{copy.file_name}.pdf")


def own_copy(reference: str) -> Copy:
    """The copy of one of this candidate's applications; raises NotFound for anybody else's."""
    row = queries.own_copy(read(), current_actor().candidate_id or 0, reference)
    if row is None:
        raise NotFound
    return copy_of(row, row.snapshot)
