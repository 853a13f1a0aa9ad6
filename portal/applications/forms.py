"""What every export of applications asks: in what form, and what for."""

from __future__ import annotations

from portal.core.fields import RadioField
from portal.core.forms import PortalForm

PURPOSES = (
    ("SHORTLISTING", "Shortlisting"),
    ("INTERVIEWS", "Preparing interviews"),
    ("APPOINTMENT", "Appointing somebody"),
    ("REGISTRATION", "Checking registrations"),
    ("COMPLAINT", "Answering a complaint or a claim"),
    ("AUDIT", "An audit or an inspection"),
    ("RIGHTS_REQUEST", "Answering a request for information"),
)
"""Why applications leave the portal; kept with each export in the audit."""

FIGURES_PURPOSES = (
    ("PERFORMANCE", "Performance and quality reporting"),
    ("COMMITTEE", "A report to councillors"),
    ("EQUALITY_DUTY", "Reporting on equality"),
    ("REVIEW", "Reviewing how we recruit"),
    ("AUDIT", "An audit or an inspection"),
    ("RIGHTS_REQUEST", "Answering a request for information"),
)

FORMATS = (("xlsx", "Spreadsheet (XLSX)"), ("csv", "CSV, for other systems"))


class FileForm(PortalForm):
    """The type of file and the purpose."""

    file_format = RadioField("Type of file", choices=list(FORMATS), required="Select the type of file")
    purpose = RadioField(
        "What do you need it for?", choices=list(PURPOSES), required="Select what you need the export for"
    )


class FiguresForm(FileForm):
    """The same for figures in which nobody can be told."""

    purpose = RadioField(
        "What do you need it for?",
        choices=list(FIGURES_PURPOSES),
        required="Select what you need the export for",
    )
