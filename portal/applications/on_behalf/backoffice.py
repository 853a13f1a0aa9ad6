"""The page on which HR records that a candidate withdrew."""

from __future__ import annotations

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.candidates import withdrawing
from portal.applications.candidates.withdrawing import CannotWithdraw, Recorded
from portal.applications.interviews.backoffice import carried, deed_page, locked_of
from portal.applications.on_behalf.forms import WithdrawnForm
from portal.applications.on_behalf.options import Told
from portal.applications.sift import addresses
from portal.applications.sift.deeds import seen_now
from portal.applications.transitions import may_withdraw
from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor
from portal.core.errors import InvalidTransition
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.security import keeps_words

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
            raise InvalidTransition(reference=application, why=why) from refusal

    attempted = attempt(form, do)
    if attempted is Attempt.DONE:
        return redirect(addresses.of_application(vacancy, application, done="withdrawn"), 303)
    template = "applications/on_behalf/withdrawn.html"
    return deed_page(template, form, vacancy, application, attempted, possible_at=may_withdraw)
