"""`portal export fostering`: the file of the staff pages, with the same audit, on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.context import current_settings
from portal.core.database import database, transaction
from portal.core.errors import InvalidInput
from portal.core.export import MOST_ROWS, csv_chunks, fill_workbook
from portal.core.export_commands import new_file, whoever_runs_this
from portal.fostering.follow_up import service
from portal.fostering.follow_up.exports import columns_for, export_count, rows_for, sheet_columns_for
from portal.fostering.follow_up.filters import ExportFilters
from portal.fostering.follow_up.forms import PURPOSES
from portal.fostering.options import Area, Status

DAY = click.DateTime(["%Y-%m-%d"])
PURPOSE = click.Choice([code for code, _label in PURPOSES])
STATUS = click.Choice([status.value for status in Status])
AREA = click.Choice([area.value for area in Area])


@click.command("fostering")
@with_appcontext
@click.option("--purpose", type=PURPOSE, required=True, help="What it is for; kept in the audit log.")
@click.option("--format", "file_format", type=click.Choice(["csv", "xlsx"]), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True, help="A file that does not exist.")
@click.option(
    "--status", "statuses", type=STATUS, multiple=True, help="Repeat for several; all unless given."
)
@click.option("--area", type=AREA, help="All areas unless given.")
@click.option("--received-from", type=DAY, help="The first day, as 2026-11-23.")
@click.option("--received-to", type=DAY, help="The last day, as 2026-11-23.")
def fostering(  # click passes each option by its name
    *,
    purpose: str,
    file_format: str,
    output: Path,
    statuses: Sequence[str],
    area: str | None,
    received_from: datetime | None,
    received_to: datetime | None,
) -> None:
    """Fostering enquiries, with names and contact details, into a file that only its owner can read."""
    filters = ExportFilters(
        statuses=tuple(Status(code) for code in statuses),
        area=Area(area) if area else None,
        received_from=received_from.date() if received_from else None,
        received_to=received_to.date() if received_to else None,
    )
    with new_file(output) as file:
        rows = write(file, filters, file_format, purpose)
    click.echo(f"{rows} enquiries written to {output.absolute()}.")


def write(file: IO[bytes], filters: ExportFilters, file_format: str, purpose: str) -> int:
    """Note the export, then fill the file; gives the number of rows. Raises ClickException."""
    counted: list[int] = []
    by = whoever_runs_this()

    def note(snapshot: Session) -> None:
        counted.append(export_count(snapshot, filters, by=by))
        facts = {"columns": "operational", "file_format": file_format, "purpose": purpose}
        with transaction() as writer:
            at = clock.now()
            service.note_export(
                writer, filters, rows=counted[0], **facts, by=by, at=at, most=MOST_ROWS, words=None
            )

    periods = current_settings().council.retention
    try:
        if file_format == "xlsx":
            fill_workbook(file, sheet_columns_for(periods), rows_for(filters, by), database(), note)
        else:
            file.writelines(csv_chunks(columns_for(periods), rows_for(filters, by), database(), note))
    except InvalidInput as refusal:
        raise click.ClickException(refusal.message) from refusal
    return counted[0]
