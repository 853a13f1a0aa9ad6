"""A journey of the four sections of a history and a page of details, for tests."""

from __future__ import annotations

from portal.applications.history.sections import EDUCATION, EMPLOYMENT, REFEREES, TRAINING
from portal.core.fields import EmailField
from portal.core.forms import PortalForm
from portal.journeys.engine import Journey, Section, Step

BASE = "/test/history"


class DetailsForm(PortalForm):
    email = EmailField(required="Enter your email address")


TOLD = Journey(
    "test-history",
    "1",
    title="Tell your history",
    mode="task_list",
    asks_before_overwriting=True,
    sections=(
        Section("details", "Your details", (Step("details", "Your details", DetailsForm),)),
        EDUCATION,
        TRAINING,
        EMPLOYMENT,
        REFEREES,
    ),
)
