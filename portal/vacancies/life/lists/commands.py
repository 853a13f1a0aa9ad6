"""`portal export vacancies`: the file of the staff pages, with the same audit, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.database import database, transaction
from portal.core.errors import InvalidInput
from portal.core.export import MOST_ROWS, csv_chunks, fill_workbook
from portal.core.export_commands import new_file, whoever_runs_this
from portal.vacancies.life.forms import PURPOSES
from portal.vacancies.life.lists import exports
from portal.vacancies.life.lists.exporting import note_export
from portal.vacancies.life.lists.filters import ListFilters
from portal.vacancies.life.lists.tabs import Tab
from portal.vacancies.options import JobFamily

PURPOSE = click.Choice([code for code, _label in PURPOSES])
STATE = click.Choice([tab.value for tab in Tab])
FAMILY = click.Choice([family.value for family in JobFamily])


@click.command("vacancies")
@with_appcontext
@click.option("--purpose", type=PURPOSE, required=True, help="What it is for; kept in the audit log.")
@click.option("--format", "file_format", type=click.Choice(["csv", "xlsx"]), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True, help="A file that does not exist.")
@click.option("--state", type=STATE, help="Adverts of one list; all adverts unless given.")
@click.option("--family", type=FAMILY, help="All job families unless given.")
def vacancies(*, purpose: str, file_format: str, output: Path, state: str | None, family: str | None) -> None:
    """Adverts, without anybody’s name, into a file that only its owner can read."""
    filters = ListFilters(tab=Tab(state) if state else Tab.OPEN, family=JobFamily(family) if family else None)
    wanted = exports.Wanted(filters, Actor.visitor(), clock.now(), everything=state is None)
    with new_file(output) as file:
        rows = write(file, wanted, file_format, purpose)
    click.echo(f"{rows} adverts written to {output.absolute()}.")


def write(file: IO[bytes], wanted: exports.Wanted, file_format: str, purpose: str) -> int:
    """Note the export, then fill the file; gives the number of rows. Raises ClickException."""
    counted: list[int] = []

    def note(snapshot: Session) -> None:
        counted.append(exports.count(snapshot, wanted))
        facts = {"file_format": file_format, "purpose": purpose}
        with transaction() as writer:
            by = whoever_runs_this()
            note_export(
                writer, wanted.describe(), **facts, rows=counted[0], by=by, at=wanted.at, most=MOST_ROWS
            )

    rows = exports.rows_for(wanted)
    try:
        if file_format == "xlsx":
            fill_workbook(file, exports.COLUMNS, rows, database(), note)
        else:
            file.writelines(csv_chunks(exports.COLUMNS, rows, database(), note))
    except InvalidInput as refusal:
        raise click.ClickException(refusal.message) from refusal
    return counted[0]
