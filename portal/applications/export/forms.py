"""What an export of applications is to hold, and what for."""

from __future__ import annotations

from portal.applications.copies.forms import CopiesForm
from portal.applications.export.content import Content
from portal.applications.forms import FORMATS, PURPOSES, FileForm
from portal.core.fields import RadioField


class VacancyExportForm(CopiesForm):
    """Of one vacancy: what the file is about, which applications, and the rest."""

    content = RadioField("What do you need?", choices=Content.choices(), required="Select what you need")
    file_format = RadioField("Type of file", choices=list(FORMATS), required="Select the type of file")
    purpose = RadioField(
        "What do you need it for?", choices=list(PURPOSES), required="Select what you need the export for"
    )


class AllExportForm(FileForm):
    """Of all vacancies."""
