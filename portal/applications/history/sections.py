"""The sections of an application that tell a history: education, training, employment and referees.

The months between are judged at the present month, so they are judged again when the application is sent.
The journey that takes these sections in has `email` among its own questions: the applicant’s address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.applications.history.learning_forms import LeftEducationForm, QualificationForm, TrainingForm
from portal.applications.history.listing import (
    explained_title,
    explanation_heading,
    gap_to_explain,
    gaps_and_explanations,
    job_title,
    timeline,
    unexplained_gaps,
)
from portal.applications.history.record import (
    COURSES,
    GAPS,
    JOBS,
    LEFT_EDUCATION,
    QUALIFICATIONS,
    REFEREE_LIST,
    WORKED,
    YES,
    newest_first,
    newest_gap_first,
)
from portal.applications.history.referee_forms import RefereeForm
from portal.applications.history.referee_rules import LEAST, MOST, referee_problems, shares_mailbox
from portal.applications.history.work_forms import GapForm, JobForm, WorkedForm
from portal.council import Council
from portal.journeys.engine import Answers, RepeatingStep, Section, Step

MOST_JOBS = 200
MOST_GAPS = 200


def history_facts(council: Council) -> Mapping[str, Any]:
    """What a journey with these sections has to put among its facts."""
    return {"gap_min_months": council.applications.gap_min_months}


def has_worked(answers: Answers) -> bool:
    """Whether there are jobs to list."""
    return bool(answers.get("has_worked") == YES)


EDUCATION = Section(
    "education",
    "Education and qualifications",
    (
        Step(
            LEFT_EDUCATION,
            "Full-time education",
            LeftEducationForm,
            template="applications/history/left_education.html",
        ),
        RepeatingStep(
            QUALIFICATIONS,
            "Your qualifications",
            QualificationForm,
            one="qualification",
            min_items=1,
            item_title=lambda item: str(item.get("title") or ""),
            template="applications/history/qualifications.html",
        ),
    ),
)

TRAINING = Section(
    "training",
    "Training",
    (
        RepeatingStep(
            COURSES,
            "Training in the last 3 years",
            TrainingForm,
            one="course",
            item_title=lambda item: str(item.get("course") or ""),
            template="applications/history/training.html",
        ),
    ),
)

EMPLOYMENT = Section(
    "employment",
    "Employment history and gaps",
    (
        Step(WORKED, "Work", WorkedForm),
        RepeatingStep(
            JOBS,
            "Your jobs",
            JobForm,
            one="job",
            min_items=1,
            max_items=MOST_JOBS,
            applies=has_worked,
            item_title=job_title,
            order=newest_first,
            beside=timeline,
            template="applications/history/jobs.html",
            item_template="applications/history/job.html",
        ),
        RepeatingStep(
            GAPS,
            "Gaps in your history",
            GapForm,
            one="explanation",
            max_items=MOST_GAPS,
            judge=unexplained_gaps,
            item_title=explained_title,
            item_heading=explanation_heading,
            order=newest_gap_first,
            beside=gaps_and_explanations,
            begin=gap_to_explain,
            template="applications/history/gaps.html",
            item_template="applications/history/gap.html",
        ),
    ),
)

REFEREES = Section(
    "referees",
    "References",
    (
        RepeatingStep(
            REFEREE_LIST,
            "Your referees",
            RefereeForm,
            one="referee",
            min_items=LEAST,
            max_items=MOST,
            judge=referee_problems,
            judge_entry=shares_mailbox,
            item_title=lambda item: str(item.get("name") or ""),
            template="applications/history/referees.html",
            item_template="applications/history/referee.html",
        ),
    ),
)
