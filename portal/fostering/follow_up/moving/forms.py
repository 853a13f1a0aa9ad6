"""The small pages on which staff move a household: one form a stage, asking for what belongs to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.core.clock import london
from portal.core.fields import Choice, DateField, HiddenField, RadioField, SelectField, TextField, TickField
from portal.core.times import moment_of
from portal.core.validators import MaxLength, Required
from portal.core.wording import day
from portal.fostering.choices import choices_of
from portal.fostering.closures import Closure, Reason, reason_of
from portal.fostering.follow_up.forms import EnquiryForm, code_of, note_field
from portal.fostering.follow_up.moving.application_forms import (
    ApplicationForm,
    ApprovedForm,
    DecisionForm,
    PanelForm,
    StageOneForm,
    StageTwoForm,
)
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.move_form import MoveForm, as_typed, on_the_day
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage, VisitMode, VisitOutcome
from portal.fostering.pipeline import codes_for


class TakeUpForm(MoveForm):
    """Nobody’s household becomes somebody’s, or one that was paused is worked again."""

    button = "Confirm"

    note = note_field()

    @classmethod
    def heading(cls, enquiry: Enquiry) -> str:
        """See MoveForm."""
        return "Take up again" if enquiry.stage is Stage.KEEP_IN_TOUCH else "Start contacting"


class ReopenForm(MoveForm):
    """What was closed is worked again."""

    title, button = "Open again", "Open again"

    note = note_field("Why is it opened again?", [Required("Enter why it is opened again")])


class KeepInTouchForm(MoveForm):
    """Not now: nothing is due until the day on which somebody asks again."""

    button = "Keep in touch"
    again = Stage.KEEP_IN_TOUCH
    shows = {"kit_review_on": "kit_review_on"}

    kit_review_on = DateField(
        "When do we ask again?",
        [Required("Enter when we ask again")],
        subject="The review date",
        hint="Nothing is due before this day. For example, 27 3 2027",
    )
    note = note_field()

    @classmethod
    def heading(cls, enquiry: Enquiry) -> str:
        """See MoveForm."""
        return "Change the review date" if enquiry.stage is Stage.KEEP_IN_TOUCH else "Keep in touch"

    def recorded(self, _at: datetime) -> dict[str, Any]:
        """See MoveForm."""
        return {"kit_review_on": self.kit_review_on.data}


def codes_in(form: Any, reason: Reason) -> list[tuple[str, str]]:
    """The codes of one group, as far as they exist in the enquiry’s stage."""
    codes = codes_for(form.facts["stage"])
    return [(code.value, code.label) for code in codes if reason_of(code) is reason]


def reasons_in(form: Any) -> list[Choice]:
    """The groups of which any code exists in the enquiry’s stage."""
    return [Choice(reason.value, reason.label, reason.hint) for reason in Reason if codes_in(form, reason)]


def code_field(reason: Reason) -> SelectField:
    """The list of one group’s codes; not asked where the group does not exist."""
    return SelectField(
        "Reason",
        choices=lambda form: codes_in(form, reason),
        required="Select the reason",
        asked_when=lambda form: bool(codes_in(form, reason)),
        optional_wording=False,
    )


class CloseForm(MoveForm):
    """Why nothing more is to be done. First whose reason it was, then which."""

    title, button = "Close the enquiry", "Close enquiry"
    confirmations = ("although",)

    reason = RadioField(
        "Why is it closed?",
        choices=reasons_in,
        required="Select why the enquiry is closed",
        reveals={
            Reason.ENQUIRER.value: "code_q",
            Reason.SERVICE.value: "code_s",
            Reason.OTHER.value: ("code_x", "original"),
            Reason.WITHDREW.value: "code_aw",
            Reason.ENDED.value: "code_w",
        },
    )
    code_q = code_field(Reason.ENQUIRER)
    code_s = code_field(Reason.SERVICE)
    code_x = code_field(Reason.OTHER)
    original = TextField(
        "Reference of the enquiry that stays",
        [MaxLength(20, "Reference")],
        hint="Only for a duplicate, for example FOS-26-7K3QX",
        width="20",
        optional_wording=False,
    )
    code_aw = code_field(Reason.WITHDREW)
    code_w = code_field(Reason.ENDED)
    although = TickField(asked_when=lambda form: bool(form.told))
    asked_about = HiddenField()
    """The reason that the box was drawn for: a tick for one is none for another."""
    note = note_field(hint="Leave it empty where health or suitability is the reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        code = self.code
        if code is not None and self.told:
            self.although.label.text = f"“{code.label}” is right, although they told us “{self.told}”"
        if self.asked_about.data != code:
            self.although.parse("")
        self.asked_about.parse(code or "")

    @property
    def code(self) -> Closure | None:
        """The reason that was chosen."""
        field = self._fields.get(f"code_{(self.reason.data or '').lower()}")
        return code_of(Closure, field.data) if field is not None else None

    @property
    def told(self) -> str:
        """The answer that the reason contradicts; empty where it contradicts none."""
        contradicted: dict[Closure | None, str] = self.facts["contradicted"]
        return contradicted.get(self.code, "")

    def check(self) -> None:
        """Nobody closes against what a household has told us without having seen it."""
        if self.told and not self.although.data:
            words = f"They told us “{self.told}”. Select another reason, or tick the box if it is right"
            self.add_error("although", words)

    def move(self, to: Stage, _at: datetime) -> Move:
        """See MoveForm."""
        return Move(to=to, code=self.code, original=self.original.data or "", note=self.note.data or "")


class VisitForm(MoveForm):
    """When and how a visit is."""

    visit_on = DateField("Day of the visit", [Required("Enter the day of the visit")], subject="The visit")
    visit_time = TextField(
        "Time of the visit", hint="For example, 2:30pm", width="10", optional_wording=False
    )
    visit_mode = RadioField(
        "How?", choices=choices_of(VisitMode), required="Select how the visit is held", inline=True
    )

    def check(self) -> None:
        """The day needs its time."""
        self.need_moment("visit_on", "visit_time", "of the visit")

    @classmethod
    def known(cls, enquiry: Enquiry) -> dict[str, Any]:
        """As it was arranged, or recorded before."""
        done = enquiry.stage is Stage.VISIT_DONE
        moment = enquiry.visit_done_at if done else enquiry.visit_booked_for
        if moment is None or enquiry.stage not in (Stage.VISIT_BOOKED, Stage.VISIT_DONE):
            return {}
        return {
            "visit_on": london(moment).date(),
            "visit_time": f"{london(moment):%H:%M}",
            "visit_mode": as_typed(enquiry.visit_mode),
            **super().known(enquiry),
        }

    def moment(self) -> datetime:
        """Day and time as an instant."""
        return moment_of(self.visit_on.data, self.visit_time.data)


class VisitBookedForm(VisitForm):
    """A visit that was arranged, or put off; for later than its clock allows only when that is confirmed."""

    title, button = "Book the initial visit", "Book visit"
    confirmations = ("late",)

    late = TickField(asked_when=lambda form: form.is_late)
    note = note_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.due_at is not None:
            self.late.label.text = f"No day by {day(self.due_at)} is possible, so the visit is booked late"

    @property
    def due_at(self) -> datetime | None:
        """By when the visit is to be held."""
        due_at: datetime | None = self.facts["visit_due_at"]
        return due_at

    @property
    def is_late(self) -> bool:
        """Whether what was typed is later than that; without a time the day alone tells."""
        due_at, on = self.due_at, self.visit_on.data
        return due_at is not None and on is not None and moment_of(on, self.visit_time.data or "") > due_at

    def check(self) -> None:
        """Nobody books late without being told by when the visit is due."""
        super().check()
        if self.due_at is not None and self.is_late and not self.late.data:
            due = f"The visit is due by {day(self.due_at)}"
            self.add_error("late", f"{due}. Enter a day by then, or tick the box to book it late")

    def recorded(self, _at: datetime) -> dict[str, Any]:
        """See MoveForm."""
        return {"visit_booked_for": self.moment(), "visit_mode": VisitMode(self.visit_mode.data)}


class VisitDoneForm(VisitForm):
    """A visit that was held, and what came of it."""

    title, button = "Record the initial visit", "Record visit"
    again = Stage.VISIT_DONE
    shows = {"visit_outcome": "visit_outcome"}

    visit_outcome = RadioField(
        "What came of it?", choices=choices_of(VisitOutcome), required="Select what came of the visit"
    )
    note = note_field()

    def recorded(self, _at: datetime) -> dict[str, Any]:
        """See MoveForm."""
        outcome = VisitOutcome(self.visit_outcome.data)
        mode = VisitMode(self.visit_mode.data)
        return {"visit_done_at": self.moment(), "visit_mode": mode, "visit_outcome": outcome}


class InvitedForm(MoveForm):
    """The application form has gone out."""

    title, button = "Invite an application", "Record that the form was sent"
    again = Stage.APPLICATION_INVITED
    shows = {"sent_on": "roi_sent_at"}

    sent_on = DateField(
        "When was the form sent?", [Required("Enter when the form was sent")], subject="The day it was sent"
    )
    note = note_field()

    def recorded(self, at: datetime) -> dict[str, Any]:
        """See MoveForm."""
        return {"roi_sent_at": on_the_day(self.sent_on.data, at)}


FORMS: dict[Stage, type[MoveForm]] = {
    Stage.CONTACTING: TakeUpForm,
    Stage.VISIT_BOOKED: VisitBookedForm,
    Stage.VISIT_DONE: VisitDoneForm,
    Stage.APPLICATION_INVITED: InvitedForm,
    Stage.APPLICATION_ACCEPTED: ApplicationForm,
    Stage.STAGE_ONE: StageOneForm,
    Stage.STAGE_TWO: StageTwoForm,
    Stage.PANEL: PanelForm,
    Stage.DECISION: DecisionForm,
    Stage.APPROVED: ApprovedForm,
    Stage.KEEP_IN_TOUCH: KeepInTouchForm,
    Stage.CLOSED: CloseForm,
}
"""The form of each stage that has a page."""


def form_class(to: Stage, here: Stage) -> type[MoveForm]:
    """The form of this step; opening again asks why."""
    return ReopenForm if here is Stage.CLOSED and to is Stage.CONTACTING else FORMS[to]


class WaitForm(EnquiryForm):
    """Until when an answer to the courtesy message is waited for."""

    wait_until = DateField(
        "Until when do we wait?",
        [Required("Enter until when we wait")],
        subject="The day",
    )
    note = note_field()
