"""What a message says: drawn once from its template, from then on plain text for staff to edit.

None of a household's own words go in, and no name: somebody else may read the mailbox. The subject is the
reference alone, because it shows on locked screens.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.core.calendar_entry import CalendarEntry
from portal.core.mail import render_mail
from portal.council import Council
from portal.fostering.closures import CLOSED_BY_SERVICE, Closure, Reason, reason_of
from portal.fostering.messages.options import MessageKind
from portal.fostering.models import Enquiry
from portal.fostering.options import ActivityKind, CallOutcome, VisitMode

TEMPLATES = {
    MessageKind.CALL_TRIED: "call_tried",
    MessageKind.ARRANGE_CALL: "arrange_call",
    MessageKind.INFO_PACK: "info_pack",
    MessageKind.VISIT_BOOKED: "visit_booked",
    MessageKind.KEEP_IN_TOUCH: "keep_in_touch",
    MessageKind.CLOSING: "closed_by_them",
}

VISIT_LASTS = timedelta(minutes=90)

BY_SERVICE: dict[Closure, str] = {
    Closure.S01: (
        "Foster carers need to be 21 or older. If you still think of it when you are, we would be "
        "glad to hear from you."
    ),
    Closure.S02: (
        "A child who comes to live with you needs a bedroom of their own, and there is none free at "
        "the moment. If that changes, we would be glad to hear from you."
    ),
    Closure.S03: (
        "Your home is outside the area in which we can visit and support a family well. The fostering"
        " service of the council where you live would be glad to hear from you."
    ),
    Closure.S04: (
        "Before anybody can be assessed as a foster carer, their right to live and work in the UK has"
        " to be settled for the years to come. Once it is, we would be glad to hear from you."
    ),
    Closure.S05: (
        "The children who wait for a home here need somebody to be there at times that you told us "
        "you cannot be. If your days change, we would be glad to hear from you."
    ),
    Closure.S06: (
        "With your household as it is at present, we would not be able to find a child for whom it is"
        " the right home. Households change: if yours does, we would be glad to hear from you."
    ),
    Closure.S07: (
        "A child needs a home with enough room that is safe and settled for a long time, and yours is"
        " not quite that at present. If that changes, we would be glad to hear from you."
    ),
    Closure.S08: (
        "This does not seem to be the right time, and you have enough to think of. When things have "
        "settled, we would be glad to hear from you again."
    ),
    Closure.S09: (
        "The reasons are those that we talked about with you. If you would like to talk about them "
        "again, call us."
    ),
    Closure.S11: (
        "What you offer is not what the children who wait for a home here need at present. That "
        "changes: you can ask us again whenever you like."
    ),
}
"""Why the service does not go on, to the person. Health is never named; S10 has no letter from here."""

PASSED_ON: dict[Closure, str] = {
    Closure.X04: "Adoption is the work of {adoption}, who would be glad to hear from you.",
    Closure.X05: (
        "Looking after a child of your family or of friends is supported by another team of ours. "
        "Call us, and we will put you through."
    ),
    Closure.X06: (
        "An arrangement with a child’s own parents is called private fostering, and another team of "
        "ours looks after it. Call us, and we will put you through."
    ),
    Closure.X07: (
        "What you would like to offer is looked after by another team. Call us, and we will put you through."
    ),
    Closure.X08: (
        "Your enquiry is with another fostering service now. Call us, and we will tell you which one it "
        "is and how to reach them."
    ),
}
"""Who can do more than this service can."""

HANDED_TO: dict[ActivityKind, str] = {
    ActivityKind.HANDOFF_HUB: "Your enquiry is with {hub} now. You can reach them on {hub_phone}.",
    ActivityKind.HANDOFF_LA: (
        "Your enquiry is with the fostering team of another council now. Call us, and we will tell you "
        "which council it is and how to reach them."
    ),
}
"""The same for X08 where that was recorded. A council’s name was typed by staff, so it is not here."""

WITHOUT_LETTER = frozenset({Closure.Q09, Closure.S10, Closure.X02, Closure.X03, Closure.X09, Closure.X10})
"""Asked not to be written to, has a letter by hand, or is nobody who waits for one."""


def has_letter(code: Closure | None) -> bool:
    """Whether there is a letter for this reason; an application ends with the case system’s own."""
    return (
        code is not None
        and code not in WITHOUT_LETTER
        and reason_of(code)
        in (
            Reason.ENQUIRER,
            Reason.SERVICE,
            Reason.OTHER,
        )
    )


OWED = tuple(code for code in CLOSED_BY_SERVICE if has_letter(code))
"""Of the letters that are owed, those which the portal can draw up."""


def written(enquiry: Enquiry, kind: MessageKind, council: Council) -> tuple[str, str]:
    """Subject and body of a new message."""
    return render_mail(f"family_{template_of(enquiry, kind)}", facts_of(enquiry, council))


def template_of(enquiry: Enquiry, kind: MessageKind) -> str:
    """Which template; a closing letter’s depends on who decided."""
    code = enquiry.closure_code
    if kind is not MessageKind.CLOSING or code is None:
        return TEMPLATES[kind]
    if code in BY_SERVICE:
        return "closed_by_service"
    if code in PASSED_ON:
        return "closed_passed_on"
    return "closed_no_answer" if code is Closure.X01 else TEMPLATES[kind]


def facts_of(enquiry: Enquiry, council: Council) -> dict[str, Any]:
    """What the templates need: dates and codes in words, nothing that anybody typed."""
    return {
        "reference": enquiry.public_ref,
        "left_voicemail": left_voicemail(enquiry),
        "visit_at": enquiry.visit_booked_for,
        "at_home": enquiry.visit_mode is not VisitMode.VIRTUAL,
        "review_on": enquiry.kit_review_on,
        "reason": reason_in_words(enquiry, council),
    }


def reason_in_words(enquiry: Enquiry, council: Council) -> str:
    """Why it was closed, for the family; empty where that needs no words."""
    code, team = enquiry.closure_code, council.fostering
    if code is None:
        return ""
    names = {"adoption": team.adoption_name, "hub": team.hub_name, "hub_phone": team.hub_phone}
    passed_on = handed_to(enquiry) if code is Closure.X08 else PASSED_ON.get(code, "")
    return BY_SERVICE.get(code) or passed_on.format(**names)


def handed_to(enquiry: Enquiry) -> str:
    """With whom the enquiry is since it was last handed over; not said where nobody recorded that."""
    kinds = [one.kind for one in enquiry.activities if one.kind in HANDED_TO]
    return HANDED_TO[kinds[-1]] if kinds else PASSED_ON[Closure.X08]


def left_voicemail(enquiry: Enquiry) -> bool:
    """Whether the last call to them ended with a voicemail."""
    calls = [one for one in enquiry.activities if one.kind is ActivityKind.CALL_OUT]
    return bool(calls) and calls[-1].outcome is CallOutcome.VOICEMAIL


def appointment(enquiry: Enquiry, council: Council, *, sequence: int) -> CalendarEntry | None:
    """The visit for a calendar, which others may see: it does not say what it is about."""
    starts_at = enquiry.visit_booked_for
    if starts_at is None:
        return None
    return CalendarEntry(
        uid=f"{enquiry.public_ref.lower()}-visit@{council.fostering.email.rpartition('@')[2]}",
        owner=council.name,
        summary=f"Appointment with {council.name}",
        starts_at=starts_at,
        ends_at=starts_at + VISIT_LASTS,
        written_at=enquiry.stage_since or starts_at,
        sequence=sequence,
        description=f"Your reference is {enquiry.public_ref}. To change it, call {council.fostering.phone}.",
    )
