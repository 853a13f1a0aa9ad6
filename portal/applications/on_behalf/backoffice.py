"""The page on which HR records that a candidate withdrew."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.candidates import withdrawing
from portal.applications.candidates.withdrawing import CannotWithdraw, Recorded
from portal.applications.interviews.backoffice import carried, locked_of
from portal.applications.on_behalf.forms import WithdrawnForm
from portal.applications.on_behalf.options import Told
from portal.applications.sift import addresses
from portal.applications.sift.backoffice import note_read
from portal.applications.sift.deeds import Attempt, attempt, seen_now
from portal.applications.transitions import may_withdraw
from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor
from portal.core.errors import InvalidTransition
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.core.text import carried_number

blueprint = Blueprint(
    "staff_on_behalf", __name__, url_prefix="/staff/applications/<reference:vacancy>/<reference:application>"
)


@blueprint.route("/withdrawn", methods=["GET", "POST"])
@requires("applications.release")
@keeps_words
@words_return_to("staff_on_behalf.withdrawn")
def withdrawn(vacancy: str, application: str) -> ResponseReturnValue:
    """A candidate has told us that they withdraw."""
    form = WithdrawnForm(typed_or_kept(), data=carried(seen_now(vacancy, application)[1]))

    def do(session: Session) -> None:
        locked = locked_of(session, vacancy, application, form)
        told = Recorded(Told(form.told.data).hint, form.note.data or "")
        try:
            withdrawing.withdraw(session, locked, None, recorded=told, by=current_actor(), at=clock.now())
        except CannotWithdraw as refusal:
            why = "It cannot be withdrawn any more"
            raise InvalidTransition(reference=application, reason=why) from refusal

    attempted = attempt(form, do)
    if attempted is Attempt.DONE:
        return redirect(addresses.of_application(vacancy, application, done="withdrawn"), 303)
    return withdrawn_page(form, vacancy, application, attempted)


def withdrawn_page(
    form: WithdrawnForm, vacancy: str, application: str, attempted: Attempt
) -> ResponseReturnValue:
    """The page; after somebody else’s change with both, or with why it cannot be withdrawn any more."""
    sheet = seen_now(vacancy, application)[1]
    stale, news = attempted is Attempt.STALE, sheet.since(carried_number(form.seen.data))
    if stale:
        form.version.parse(str(sheet.version))
        form.seen.parse(str(sheet.seen))
    note_read(sheet)
    possible = may_withdraw(sheet.status)
    html = render_template(
        "applications/on_behalf/withdrawn.html",
        form=form,
        sheet=sheet,
        stale=stale,
        news=news,
        possible=possible,
        back=addresses.of_application(vacancy, application),
    )
    refused = not possible and form.is_submitted()
    return html, 409 if refused or attempted in (Attempt.STALE, Attempt.REFUSED) else form.status
