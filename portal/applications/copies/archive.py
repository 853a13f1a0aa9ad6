"""Many copies as one ZIP archive, streamed: one copy is in memory at a time, however many there are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime

from portal.applications.copies.content import Copy
from portal.applications.copies.typesetting import Presses, a_press, pdf_by
from portal.core.clock import london

ZIP_TYPE = "application/zip"
EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001 - the first date that a ZIP archive knows, which has no zones


class Outlet(io.RawIOBase):
    """A file that can only be written to, and gives what was written so far."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.place = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: object) -> int:
        """Keep it until it is taken."""
        part = bytes(data)  # type: ignore[call-overload]  # whatever bytes zipfile hands over
        self.waiting.append(part)
        self.place += len(part)
        return len(part)

    def tell(self) -> int:
        """How much was written: zipfile notes where each member begins."""
        return self.place

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self.waiting = self.waiting, []
        return b"".join(parts)


def zip_chunks(copies: Callable[[], Iterable[Copy]], press: Presses | None = None) -> Iterator[bytes]:
    """The archive, a member at a time. Members are named by reference, of which there are no two alike."""
    outlet = Outlet()
    with nullcontext(press) if press else a_press() as setter:
        with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
            for copy in copies():
                archive.writestr(*member(setter, copy))
                yield outlet.taken()
        yield outlet.taken()


def member(press: Presses, copy: Copy) -> tuple[zipfile.ZipInfo, bytes]:
    """One file of the archive: its time is when the application was sent, so that it never changes.

    What cannot be set as a PDF is in its place as text: one copy must not end the archive of all.
    """
    made = pdf_by(press, copy.document())
    ending, data = ("txt", copy.text().encode("utf-8-sig", "replace")) if made is None else ("pdf", made)
    sent = max(london(copy.submitted_at).replace(tzinfo=None), EARLIEST)
    info = zipfile.ZipInfo(f"{copy.file_name}.{ending}", (*sent.timetuple()[:6],))
    info.external_attr = 0o600 << 16
    return info, data
