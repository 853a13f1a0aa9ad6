"""Education, qualifications and training (domain recruitment §9, sections 4 and 5)."""

from __future__ import annotations

from portal.applications.history.month_rules import InLivingMemory
from portal.applications.history.options import Level
from portal.core.fields import MonthField, RadioField, SelectField, TextField
from portal.core.forms import PortalForm
from portal.core.validators import MaxLength, NotBefore, Required

NAME_LENGTH = 200


class LeftEducationForm(PortalForm):
    """Where the history begins."""

    education_left = RadioField(
        "Have you left full-time education?",
        choices=(("yes", "Yes"), ("no", "No, I have been in it since I started school")),
        reveals={"yes": "left_education"},
        required="Select yes if you have left full-time education",
        short_label="Left full-time education",
    )
    left_education = MonthField(
        "When did you first leave it?",
        [
            Required("Enter the month and year you left full-time education"),
            InLivingMemory("Date you left full-time education"),
        ],
        hint="For example, 7 2012",
        subject="Date you left full-time education",
        short_label="First left full-time education in",
    )

    @property
    def only_question(self) -> None:
        """The page says what the question means before it is put, so it has a heading of its own."""


class QualificationForm(PortalForm):
    """One qualification, or one that is being studied for."""

    title = TextField(
        "Name of the qualification",
        [
            Required("Enter the name of the qualification"),
            MaxLength(NAME_LENGTH, "Name of the qualification"),
        ],
        hint="For example, BA (Hons) or GCSE",
        short_label="Qualification",
    )
    subject = TextField(
        "Subject",
        [Required("Enter the subject"), MaxLength(NAME_LENGTH, "Subject")],
        hint="For several GCSEs or A levels together, list them",
    )
    level = SelectField(
        "Level",
        choices=Level.choices(),
        required="Select the level",
        hint="For a qualification from another country, choose what comes nearest",
        prompt="Choose the level",
    )
    institution = TextField(
        "School, college or university",
        [
            Required("Enter the school, college or university"),
            MaxLength(NAME_LENGTH, "School, college or university"),
        ],
    )
    awarding_body = TextField(
        "Awarding body",
        [MaxLength(NAME_LENGTH, "Awarding body")],
        hint="Who gave it, if that was somebody else",
    )
    grade = TextField("Grade or result", [MaxLength(60, "Grade or result")])
    finished = RadioField(
        "Have you finished it?",
        choices=(("yes", "Yes"), ("no", "No, I am still studying")),
        reveals={"yes": "awarded"},
        required="Select yes if you have finished this qualification",
        short_label="Finished",
    )
    awarded = MonthField(
        "When was it awarded?",
        [
            Required("Enter the month and year it was awarded"),
            InLivingMemory("Award date"),
            NotBefore(
                lambda form: form.start.data,
                "Award date must be the same as or after the date you started",
            ),
        ],
        hint="For example, 7 2012",
        subject="Award date",
        short_label="Awarded",
    )
    start = MonthField(
        "When did you start studying full time?",
        [InLivingMemory("Date you started studying")],
        hint="Only if you went back to full-time education for it. For example, 9 2018",
        subject="Date you started studying",
        short_label="Started studying full time",
    )


class TrainingForm(PortalForm):
    """One course of the last three years."""

    course = TextField(
        "Name of the course",
        [Required("Enter the name of the course"), MaxLength(NAME_LENGTH, "Name of the course")],
    )
    provider = TextField(
        "Who ran it",
        [Required("Enter who ran the course"), MaxLength(NAME_LENGTH, "Who ran it")],
    )
    completed = MonthField(
        "When did you finish it?",
        [Required("Enter the month and year you finished"), InLivingMemory("Date you finished")],
        hint="For example, 3 2025",
        subject="Date you finished",
        short_label="Finished",
    )
