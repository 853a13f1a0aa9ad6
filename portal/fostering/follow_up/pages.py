"""What the small pages share that change one enquiry: the attempt, both versions after a conflict."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.attempts import Attempt
from portal.core.context import current_actor
from portal.core.database import read, small_write
from portal.core.errors import NotFound
from portal.fostering.follow_up import addresses, queries
from portal.fostering.follow_up.forms import EnquiryForm
from portal.fostering.follow_up.service import note_enquiry_read
from portal.fostering.models import Enquiry

LATEST = 3
"""Lines of the timeline that show what somebody else did meanwhile."""


def enquiry_of(reference: str) -> Enquiry:
    """The enquiry as it stands now, whatever this request has read before."""
    read().close()
    found = queries.enquiry_file(read(), reference, by=current_actor())
    if found is None:
        raise NotFound
    return found.enquiry


def note_read(*references: str) -> None:
    """The audit of these households being shown; also after a POST, whose answer shows them as well."""
    with small_write("audit of a read") as writer:
        for reference in references:
            note_enquiry_read(writer, reference, by=current_actor(), at=clock.now())


def small_page(
    template: str, enquiry: Enquiry, form: EnquiryForm, attempted: Attempt, **facts: Any
) -> ResponseReturnValue:
    """The form; after somebody else's change with both versions, what was typed and what they did."""
    stale = attempted is Attempt.STALE
    if stale:
        form.version.parse(str(enquiry.version))
    note_read(enquiry.public_ref)
    html = render_template(
        template,
        enquiry=enquiry,
        form=form,
        stale=stale,
        latest=queries.timeline(read(), enquiry, by=current_actor())[:LATEST] if stale else [],
        back=addresses.of_enquiry(enquiry.public_ref),
        **facts,
    )
    return html, 409 if attempted.conflicts else form.status
