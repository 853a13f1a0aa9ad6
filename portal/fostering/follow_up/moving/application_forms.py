"""The small pages of an application, from the day it was received to the approval."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.core.fields import DateField, RadioField, TextField
from portal.core.validators import MaxLength, Required
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.forms import note_field
from portal.fostering.follow_up.moving.move_form import MoveForm, as_typed, on_the_day
from portal.fostering.models import Enquiry
from portal.fostering.options import Recommendation, Stage

TELLING = "Record how they were told"


class ApplicationForm(MoveForm):
    """The day that Ofsted counts, and from which the panel’s months run."""

    title, button = "Accept the application", "Record application"
    again = Stage.APPLICATION_ACCEPTED
    shows = {"received_on": "application_at", "case_system_ref": "case_system_ref"}

    received_on = DateField(
        "When was the application received?",
        [Required("Enter when the application was received")],
        subject="The day it was received",
    )
    case_system_ref = TextField(
        "Reference in the case system", [MaxLength(40, "Reference in the case system")], width="20"
    )
    note = note_field()

    def recorded(self, at: datetime) -> dict[str, Any]:
        """See MoveForm; a reference that was recorded earlier is kept where none is entered."""
        facts: dict[str, Any] = {"application_at": on_the_day(self.received_on.data, at)}
        reference = self.case_system_ref.data
        return {**facts, "case_system_ref": reference} if reference else facts


class StageForm(MoveForm):
    """What Stages 1 and 2 share: they may overlap, so either asks for the dates of Stage 1."""

    started_on = DateField("When did it start?", [Required("Enter when it started")], subject="The start")
    complete_on = DateField("When was all Stage 1 information in?", subject="The day all information was in")
    decided_on = DateField(
        "When was it decided after Stage 1?",
        subject="The decision",
        hint="Whoever does not go on is to be told in writing within 10 working days of all information",
    )
    note = note_field()
    start = ""
    shows = {"complete_on": "stage1_info_complete_at", "decided_on": "stage1_decision_at"}

    @classmethod
    def known(cls, enquiry: Enquiry) -> dict[str, Any]:
        """The dates recorded so far."""
        columns = {"started_on": cls.start, **cls.shows}
        return {name: as_typed(getattr(enquiry, column)) for name, column in columns.items()}

    def recorded(self, at: datetime) -> dict[str, Any]:
        """See MoveForm."""
        complete, decided = self.complete_on.data, self.decided_on.data
        return {
            self.start: self.started_on.data,
            "stage1_info_complete_at": on_the_day(complete, at) if complete else None,
            "stage1_decision_at": on_the_day(decided, at) if decided else None,
        }


class StageOneForm(StageForm):
    """Checks and references."""

    title, button, start = "Record Stage 1", "Record Stage 1", "stage1_start"


class StageTwoForm(StageForm):
    """The assessment."""

    title, button, start = "Record Stage 2", "Record Stage 2", "stage2_start"


class PanelForm(MoveForm):
    """What the panel recommends."""

    title, button = "Record the panel", "Record panel"
    again = Stage.PANEL
    shows = {"panel_on": "panel_at", "panel_recommendation": "panel_recommendation"}

    panel_on = DateField("When was the panel?", [Required("Enter when the panel was")], subject="The panel")
    panel_recommendation = RadioField(
        "What did it recommend?",
        choices=choices_of(Recommendation),
        required="Select what the panel recommended",
    )
    note = note_field()

    def recorded(self, at: datetime) -> dict[str, Any]:
        """See MoveForm."""
        panel_at = on_the_day(self.panel_on.data, at)
        return {"panel_at": panel_at, "panel_recommendation": self.panel_recommendation.data}


def notice_field(*rules: Any, **more: Any) -> DateField:
    """When they were told in writing: asked with the decision, and at the latest with the approval."""
    return DateField(
        "When did the written notice of the decision go to them?",
        list(rules),
        subject="The day they were written to",
        **more,
    )


class DecisionForm(MoveForm):
    """The decision maker’s decision."""

    title, button = "Record the decision", "Save"
    again = Stage.DECISION
    shows = {"decided_on": "adm_at", "told_on": "decision_told_at", "notice_on": "decision_notice_at"}

    decided_on = DateField(
        "When was it decided?", [Required("Enter when it was decided")], subject="The decision"
    )
    told_on = DateField(
        "When were they told by phone or face to face?",
        subject="The day they were told",
        hint="If nobody has told them yet, leave this empty. It is what is due next",
    )
    notice_on = notice_field(hint="The letter is the case system’s. Leave this empty until it has gone")
    note = note_field()

    @classmethod
    def heading(cls, enquiry: Enquiry) -> str:
        """See MoveForm."""
        return TELLING if enquiry.stage is Stage.DECISION else cls.title

    def recorded(self, at: datetime) -> dict[str, Any]:
        """See MoveForm."""
        told, notice = self.told_on.data, self.notice_on.data
        return {
            "adm_at": on_the_day(self.decided_on.data, at),
            "decision_told_at": on_the_day(told, at) if told else None,
            "decision_notice_at": on_the_day(notice, at) if notice else None,
        }


class ApprovedForm(MoveForm):
    """The household fosters."""

    title, button = "Record the approval", "Record approval"

    approved_on = DateField(
        "From when are they approved?",
        [Required("Enter from when they are approved")],
        subject="The approval",
    )
    notice_on = notice_field(Required("Enter when the written notice of the decision went to them"))
    note = note_field()

    @classmethod
    def known(cls, enquiry: Enquiry) -> dict[str, Any]:
        """Whether they were told in writing may be recorded already."""
        return {"notice_on": as_typed(enquiry.decision_notice_at)}

    def recorded(self, at: datetime) -> dict[str, Any]:
        """See MoveForm."""
        return {
            "approved_at": on_the_day(self.approved_on.data, at),
            "decision_notice_at": on_the_day(self.notice_on.data, at),
        }
