"""`portal export applications`: the files of the staff pages, with the same audit, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from portal.applications.copies.queries import vacancy_named
from portal.applications.export import exports
from portal.applications.export.content import Content, Wanted
from portal.applications.export.exporting import note_export
from portal.applications.forms import PURPOSES
from portal.core import clock
from portal.core.database import database, read, transaction
from portal.core.errors import InvalidInput
from portal.core.export import MOST_ROWS, csv_chunks, fill_workbook
from portal.core.export_commands import new_file, whoever_runs_this

PURPOSE = click.Choice([code for code, _label in PURPOSES])
CONTENT = click.Choice([content.value for content in Content])


@click.command("applications")
@with_appcontext
@click.option("--purpose", type=PURPOSE, required=True, help="What it is for; kept in the audit log.")
@click.option("--format", "file_format", type=click.Choice(["csv", "xlsx"]), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True, help="A file that does not exist.")
@click.option("--vacancy", default="", help="Its reference; all vacancies unless given.")
@click.option("--content", type=CONTENT, default=Content.APPLICATIONS.value, help="What the file is about.")
def applications(*, purpose: str, file_format: str, output: Path, vacancy: str, content: str) -> None:
    """Applications into a file that only its owner can read, hidden until shortlisting as on the pages."""
    wanted, reference = wanted_of(Content(content), vacancy.strip().upper())
    with new_file(output) as file:
        rows = write(file, wanted, reference, file_format, purpose)
    click.echo(f"{rows} applications written to {output.absolute()}.")


def wanted_of(content: Content, vacancy: str) -> tuple[Wanted, str]:
    """What was asked for, and the vacancy’s reference. Raises ClickException."""
    if not vacancy:
        if content is not Content.APPLICATIONS:
            raise click.ClickException("a grid or a schedule is of one vacancy: say which with --vacancy")
        return Wanted(content), ""
    found = vacancy_named(read(), vacancy)
    if found is None:
        raise click.ClickException(f"there is no vacancy {vacancy}")
    return Wanted(content, found.id), found.reference


def write(file: IO[bytes], wanted: Wanted, vacancy: str, file_format: str, purpose: str) -> int:
    """Note the export, then fill the file; gives the number of rows. Raises ClickException."""
    counted: list[int] = []

    def note(snapshot: Session) -> None:
        counted.append(exports.count(snapshot, wanted))
        with transaction() as writer:
            note_export(
                writer,
                wanted,
                vacancy=vacancy,
                file_format=file_format,
                purpose=purpose,
                rows=counted[0],
                by=whoever_runs_this(),
                at=clock.now(),
                most=MOST_ROWS,
            )

    columns, rows = exports.columns_for(read(), wanted), exports.rows_for(wanted)
    try:
        if file_format == "xlsx":
            fill_workbook(file, columns, rows, database(), note)
        else:
            file.writelines(csv_chunks(columns, rows, database(), note))
    except InvalidInput as refusal:
        raise click.ClickException(refusal.message) from refusal
    return counted[0]
