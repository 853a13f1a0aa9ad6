"""What can be done with an advert, and in which state: the one table that service, pages and tests read.

Open and closed follow from the dates, so they are states to act in, never results that anybody sets.
"""

from __future__ import annotations

from portal.core.errors import InvalidTransition
from portal.core.options import Option
from portal.vacancies.models import Vacancy
from portal.vacancies.options import Status


class Action(Option):
    """Something that somebody may do with an advert; the label is the button, the hint what it leads to."""

    CHANGE = "change", "Change the advert", "Your changes are kept until you send them."
    SUBMIT = "submit", "Send for approval", "Somebody else reads and approves it."
    APPROVE = "approve", "Approve", "It is published on its date, or at once."
    SEND_BACK = "send_back", "Send back with comments", "The writer changes it and sends it again."
    EXTEND = "extend", "Extend the closing time", "People can apply for longer."
    CLOSE_EARLY = "close_early", "Close it now", "Nobody can apply from this moment."
    RECORD_OUTCOME = "record_outcome", "Record the outcome", "Filled, part filled or not filled."
    CANCEL = "cancel", "Cancel the recruitment", "The advert ends without an appointment."
    ARCHIVE = "archive", "Archive", "It leaves the lists that you work with."
    COPY = "copy", "Copy to a new advert", "For another post like this one."
    RELIST = "relist", "Advertise it again", "The same post, with new dates."


ENDED = frozenset({Status.FILLED, Status.PART_FILLED, Status.NOT_FILLED, Status.CANCELLED})
DECIDED = ENDED - {Status.CANCELLED}
BEFORE_THE_PUBLIC = frozenset({Status.DRAFT, Status.PENDING_APPROVAL, Status.SCHEDULED})

ALLOWED: dict[Action, frozenset[Status]] = {
    Action.CHANGE: BEFORE_THE_PUBLIC | {Status.OPEN},
    # What was changed while it waited, or after it was approved for later, is approved anew.
    Action.SUBMIT: BEFORE_THE_PUBLIC,
    Action.APPROVE: frozenset({Status.PENDING_APPROVAL}),
    Action.SEND_BACK: frozenset({Status.PENDING_APPROVAL}),
    Action.EXTEND: frozenset({Status.OPEN, Status.CLOSED}),
    Action.CLOSE_EARLY: frozenset({Status.OPEN}),
    # Again where it was recorded before: an outcome that was wrong must be put right.
    Action.RECORD_OUTCOME: DECIDED | {Status.CLOSED},
    Action.CANCEL: BEFORE_THE_PUBLIC | {Status.OPEN, Status.CLOSED},
    Action.ARCHIVE: ENDED,
    Action.COPY: frozenset(Status),
    Action.RELIST: ENDED - {Status.FILLED} | {Status.ARCHIVED},
}

ONLY: dict[Action, str] = {
    Action.CHANGE: "An advert can be changed until it closes",
    Action.SUBMIT: "Only an advert that is not published yet can be sent for approval",
    Action.APPROVE: "Only an advert that waits for approval can be approved",
    Action.SEND_BACK: "Only an advert that waits for approval can be sent back",
    Action.EXTEND: "The closing time can be moved while the advert is open, or closed without an outcome",
    Action.CLOSE_EARLY: "Only an open advert can be closed early",
    Action.RECORD_OUTCOME: "An outcome can be recorded once the advert has closed",
    Action.CANCEL: "A recruitment can be cancelled until its outcome is recorded",
    Action.ARCHIVE: "An advert can be archived once its outcome is recorded or it was cancelled",
    Action.COPY: "Every advert can be copied",
    Action.RELIST: "A post can be advertised again when it was not filled, part filled or cancelled",
}
"""Why not, as a rule; `why_not` adds where this advert stands."""

STANDS: dict[Status, str] = {
    Status.DRAFT: "is being written",
    Status.PENDING_APPROVAL: "waits for approval",
    Status.SCHEDULED: "is approved and not published yet",
    Status.OPEN: "is open",
    Status.CLOSED: "has closed and has no outcome yet",
    Status.FILLED: "has ended: the post is filled",
    Status.PART_FILLED: "has ended: some of the posts are filled",
    Status.NOT_FILLED: "has ended: the post was not filled",
    Status.CANCELLED: "was cancelled",
    Status.ARCHIVED: "is archived",
}


def allowed(action: Action, status: Status) -> bool:
    """Whether the action is possible in this state."""
    return status in ALLOWED[action]


def actions_in(status: Status) -> list[Action]:
    """What is possible in this state, in the order of the buttons."""
    return [action for action in Action if allowed(action, status)]


def why_not(action: Action, status: Status) -> str:
    """The reason for a refusal, in two sentences without a final stop; empty for what is allowed."""
    if allowed(action, status):
        return ""
    return f"{ONLY[action]}. This one {STANDS[status]}"


def require(action: Action, vacancy: Vacancy, status: Status) -> None:
    """Raise InvalidTransition, with the reason and what is possible instead, unless the action is."""
    if not allowed(action, status):
        raise InvalidTransition(
            reference=vacancy.reference,
            action=action.value,
            status=status.value,
            why=why_not(action, status),
            instead=[other.value for other in actions_in(status)],
        )
