"""Checks, registration, fairness and dates. What is usual for the level is said, and nothing is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.core.clock import london_instant
from portal.core.fields import YES_NO, CheckboxesField, Choice, DateField, NumberField, RadioField
from portal.core.forms import FieldGroup, PortalForm
from portal.core.wording import day, weekday
from portal.vacancies.options import (
    CLOSING_TIMES,
    AnswerStyle,
    DbsLevel,
    HcpcDomain,
    InterviewScheme,
    Registration,
    RegistrationBy,
)
from portal.vacancies.wording import enough_time
from portal.vacancies.writing.questions.role_forms import iso_date
from portal.vacancies.writing.questions.settled import SettledForm
from portal.vacancies.writing.questions.usual import usual_check, usual_registration, usually_restricted

WITH_REGISTER = frozenset({Registration.SOCIAL_WORK_ENGLAND, Registration.HCPC, Registration.EITHER})
WITH_PSYCHOLOGISTS = frozenset({Registration.HCPC, Registration.EITHER})

LONGEST_AHEAD = timedelta(days=366)
"""Further ahead than this is a slip of the year."""

INTERVIEWS = ("interview_1", "interview_2", "interview_3", "interview_4")


class ChecksForm(PortalForm):
    """What the law asks about the post."""

    dbs_level = RadioField(
        "Which DBS check does the post need?",
        choices=DbsLevel.choices(),
        required="Select which DBS check the post needs",
        short_label="DBS check",
    )
    regulated_activity = RadioField(
        "Is the post regulated activity?",
        choices=YES_NO,
        inline=True,
        required="Select yes if the post is regulated activity",
        hint=(
            "Unsupervised teaching, training, care, supervision or advice for children or adults at "
            "risk, done regularly"
        ),
        short_label="Regulated activity",
    )
    politically_restricted = RadioField(
        "Is the post politically restricted?",
        choices=YES_NO,
        inline=True,
        required="Select yes if the post is politically restricted",
        short_label="Politically restricted",
    )
    fluency_duty = RadioField(
        "Does the fluency duty apply?",
        choices=YES_NO,
        inline=True,
        required="Select yes if the fluency duty applies",
        hint="It does where speaking with the public in English is a regular part of the work",
        short_label="Fluency duty",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = self.given.get("role_level")
        self.dbs_level.hint = usual_check(level, self.given.get("family"))
        self.politically_restricted.hint = usually_restricted(level)

    def check(self) -> None:
        """Regulated activity is checked against a barred list, and only that may be."""
        if self.dbs_level.errors or self.regulated_activity.errors:
            return
        barred = str(self.dbs_level.data).startswith("enhanced_")
        if self.regulated_activity.data == "yes" and not barred:
            self.add_error("dbs_level", "Regulated activity needs an enhanced check with a barred list")
        elif self.regulated_activity.data == "no" and barred:
            self.add_error("dbs_level", "A barred list may only be checked for regulated activity")


class RegistrationForm(SettledForm):
    """Professional registration, and what comes before it or after."""

    registration = RadioField(
        "Which professional registration does the post need?",
        choices=Registration.choices(),
        required="Select which professional registration the post needs",
        short_label="Professional registration",
    )
    asye_suitable = RadioField(
        "Can somebody do their ASYE year in this post?",
        choices=YES_NO,
        inline=True,
        asked_when=lambda form: form.given.get("family") == "social_work",
        required="Select yes if somebody can do their ASYE year in this post",
        short_label="Suitable for ASYE",
    )
    minimum_pqe_years = NumberField(
        "Years of experience since qualifying, at least",
        min=0,
        max=20,
        suffix="years",
        subject="Years of experience",
        hint="Leave empty unless the work cannot be done without",
        short_label="Years since qualifying",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registration.hint = usual_registration(self.given.get("role_level"), self.given.get("family"))

    def check(self) -> None:
        """A post for the first year after qualifying asks for no years after qualifying."""
        years = self.minimum_pqe_years.data
        if (
            self.asye_suitable.asked
            and self.asye_suitable.data == "yes"
            and years
            and not self.minimum_pqe_years.errors
        ):
            self.add_error(
                "minimum_pqe_years", "Years of experience must be empty or 0 where the ASYE year can be done"
            )


class RegisterForm(SettledForm):
    """The register that the post asks for."""

    registration_by = RadioField(
        "When must it be in place?",
        required="Select when the registration must be in place",
        choices=[(option.value, option.label.capitalize()) for option in RegistrationBy],
        short_label="Registered by",
    )
    hcpc_domain = RadioField(
        "Which kind of practitioner psychologist?",
        choices=HcpcDomain.choices(),
        required="Select which kind of practitioner psychologist",
        hint="Each is a protected title",
        asked_when=lambda form: form.given.get("registration") in WITH_PSYCHOLOGISTS,
        short_label="Kind of practitioner psychologist",
    )


class SelectionForm(SettledForm):
    """How applicants are chosen."""

    disability_confident = RadioField(
        "Is an interview offered to disabled people who meet the essential criteria?",
        choices=YES_NO,
        inline=True,
        required="Select yes if Disability Confident applies",
        hint="The council’s commitment as a Disability Confident employer",
        short_label="Disability Confident",
    )
    other_schemes = CheckboxesField(
        "Who else is offered one?",
        choices=[(option.value, option.label[:1].upper() + option.label[1:]) for option in InterviewScheme],
        hint="Select all that apply",
        short_label="Other interview schemes",
    )
    anonymise_shortlisting = RadioField(
        "Is shortlisting anonymous?",
        choices=YES_NO,
        inline=True,
        required="Select yes if shortlisting is anonymous",
        hint=(
            "Names, contact details and register numbers stay hidden until people are shortlisted. "
            "This cannot be changed "
            "once the advert is open"
        ),
        asked_when=lambda form: not form.facts.get("is_public"),
        short_label="Anonymous shortlisting",
    )
    answer_style = RadioField(
        "What do applicants write?",
        choices=AnswerStyle.choices(),
        required="Select what applicants write",
        asked_when=lambda form: not form.facts.get("is_public"),
    )


def publish_choices(form: Any) -> Sequence[Choice]:
    """The first two with their dates as of today."""
    today: date = form.facts["today"]
    return (
        Choice("today", f"Today, {weekday(today)}"),
        Choice("tomorrow", f"Tomorrow, {weekday(today + timedelta(days=1))}"),
        Choice("another", "Another day"),
    )


class PublishingForm(PortalForm):
    """When it is advertised, and until when."""

    publish_when = RadioField(
        "When should it be published?",
        choices=publish_choices,
        reveals={"another": "publish_on"},
        required="Select when it should be published",
        hint="Counted from the day you send it for approval. It is never published before it is approved",
        short_label="Publish",
    )
    publish_on = DateField("Day of publication", required="Enter the day of publication")
    closes_on = DateField(
        "Closing date",
        required="Enter the closing date",
    )
    closing_time = RadioField(
        "Closing time",
        choices=[(code, label) for code, label, _hour, _minute in CLOSING_TIMES],
        required="Select the closing time",
        hint="London time",
    )
    may_close_early = RadioField(
        "May it close early?",
        choices=YES_NO,
        inline=True,
        required="Select yes if it may close early",
        hint="If many people apply. The advert then warns people",
        short_label="May close early",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = self.facts.get("shortest_window_days")
        self.closes_on.hint = enough_time(days) if days else ""

    def check(self) -> None:
        """Published today or later, and closing after that and after now."""
        at: datetime = self.facts["at"]
        today: date = self.facts["today"]
        publish_on = self.publish_on.data if self.publish_when.data == "another" else today
        if self.publish_when.data == "tomorrow":
            publish_on = today + timedelta(days=1)
        if self.publish_on.asked and publish_on and not self.publish_on.errors and publish_on < today:
            self.add_error("publish_on", "Day of publication must be today or in the future")
        if self.publish_on.asked and publish_on and publish_on > today + LONGEST_AHEAD:
            self.add_error("publish_on", "Day of publication must be within a year")
        closes_on = self.closes_on.data
        if closes_on is None or self.closes_on.errors or self.closing_time.errors:
            return
        if closing_instant(closes_on, self.closing_time.data) <= at:
            self.add_error("closes_on", "Closing date and time must be in the future")
        elif publish_on is not None and closes_on <= publish_on and not self.publish_on.errors:
            self.add_error("closes_on", "Closing date must be after the day of publication")
        elif closes_on > today + LONGEST_AHEAD:
            self.add_error("closes_on", "Closing date must be within a year")


class AfterForm(PortalForm):
    """What people can plan with: interviews, decision, start."""

    groups = (FieldGroup("Interviews", INTERVIEWS, "Up to four days, so that people can keep them free"),)

    interview_1 = DateField(
        "First day", optional_wording=False, subject="First interview day", short_label="First interview day"
    )
    interview_2 = DateField(
        "Second day",
        optional_wording=False,
        subject="Second interview day",
        short_label="Second interview day",
    )
    interview_3 = DateField(
        "Third day", optional_wording=False, subject="Third interview day", short_label="Third interview day"
    )
    interview_4 = DateField(
        "Fourth day",
        optional_wording=False,
        subject="Fourth interview day",
        short_label="Fourth interview day",
    )
    decision_promised_on = DateField(
        "Everyone hears by",
        hint="A promise that the advert shows. Missing replies are what people complain of most",
    )
    starts_on = DateField("The post starts on", subject="Start")

    def check(self) -> None:
        """Everything comes after the closing date, in this order, with no day twice."""
        closes_on = iso_date(self.given.get("closes_on")) or self.facts.get("closes_on")
        days = [self[name].data for name in INTERVIEWS if self[name].data and not self[name].errors]
        for name in INTERVIEWS:
            field = self.portal_field(name)
            earlier = [self[other].data for other in INTERVIEWS[: INTERVIEWS.index(name)]]
            if field.data and not field.errors and field.data in earlier:
                self.add_error(name, f"{field.subject} must be another day")
            self.must_follow(name, closes_on, "closing date")
        self.must_follow(
            "decision_promised_on", max(days, default=closes_on), "last interview" if days else "closing date"
        )
        self.must_follow("starts_on", closes_on, "closing date")
        starts_on, ends_on = self.starts_on.data, iso_date(self.given.get("contract_ends_on"))
        if starts_on and ends_on and starts_on >= ends_on and not self.starts_on.errors:
            self.add_error("starts_on", f"Start must be before the contract ends on {day(ends_on)}")

    def must_follow(self, name: str, earliest: date | None, what: str) -> None:
        """Later (the day of the last interview will do for the decision), and not in another century."""
        field = self.portal_field(name)
        if field.empty or field.errors or earliest is None:
            return
        if what == "closing date" and field.data <= earliest:
            self.add_error(name, f"{field.subject} must be after the {what}, {day(earliest)}")
        elif field.data < earliest:
            self.add_error(name, f"{field.subject} must be the same as or after the {what}, {day(earliest)}")
        elif field.data > earliest + 2 * LONGEST_AHEAD:
            self.add_error(name, f"{field.subject} must be within two years of the {what}")


def closing_instant(closes_on: date, code: Any) -> datetime:
    """The instant at which it is too late, in UTC; the end of the day where no time was chosen."""
    hour, minute = next(((h, m) for known, _label, h, m in CLOSING_TIMES if known == code), (23, 59))
    return london_instant(closes_on, time(hour, minute))
