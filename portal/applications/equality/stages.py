"""How far an application came, in the four stages that equality figures are counted by."""

from __future__ import annotations

from datetime import datetime

from portal.applications.options import ApplicationStatus as Status
from portal.core.options import Option


class Stage(Option):
    """Each includes those after it: whoever was offered the job had applied."""

    APPLIED = "applied", "Applied"
    SHORTLISTED = "shortlisted", "Shortlisted"
    INTERVIEWED = "interviewed", "Interviewed"
    OFFERED = "offered", "Offered the job"


STAGES = tuple(Stage)

REACHED: dict[Status, Stage] = {
    Status.SUBMITTED: Stage.APPLIED,
    Status.SIFTING: Stage.APPLIED,
    Status.RESERVE: Stage.APPLIED,
    Status.NOT_SHORTLISTED: Stage.APPLIED,
    Status.SHORTLISTED: Stage.SHORTLISTED,
    Status.INTERVIEW_INVITED: Stage.SHORTLISTED,
    Status.DID_NOT_ATTEND: Stage.SHORTLISTED,
    Status.INTERVIEWED: Stage.INTERVIEWED,
    Status.RESERVE_APPOINT: Stage.INTERVIEWED,
    Status.UNSUCCESSFUL_INTERVIEW: Stage.INTERVIEWED,
    Status.OFFERED: Stage.OFFERED,
    Status.CHECKS: Stage.OFFERED,
    Status.CLEARED: Stage.OFFERED,
    Status.STARTED: Stage.OFFERED,
    Status.OFFER_DECLINED: Stage.OFFERED,
    Status.OFFER_WITHDRAWN: Stage.OFFERED,
    Status.POST_ENDED: Stage.APPLIED,
    Status.WITHDRAWN: Stage.APPLIED,
}


def stage_of(
    status: Status,
    withdrawn_from: Status | None,
    shortlisted_at: datetime | None,
    offered_at: datetime | None,
) -> Stage:
    """The furthest stage, also of somebody who withdrew on the way or was turned down afterwards."""
    reached = [REACHED[status], REACHED[withdrawn_from] if withdrawn_from else Stage.APPLIED]
    reached += [Stage.SHORTLISTED] if shortlisted_at else []
    reached += [Stage.OFFERED] if offered_at else []
    return max(reached, key=STAGES.index)
