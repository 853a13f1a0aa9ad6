"""Copies as PDF: a process that sets them, and what passes between it and the portal.

A process of its own (`press.py`), because setting text takes more memory than a worker has to spare and a
document that takes too long, or ends the program, must not take a worker along.
"""

from __future__ import annotations

import json
import logging
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Protocol

PDF_TYPE = "application/pdf"
PRESS = Path(__file__).with_name("press.py")
PATIENCE = 20.0
"""Seconds that one copy may take; a long one takes a fifth of a second."""
COPIES_EACH = 200
"""After so many a press is replaced: what it keeps of earlier copies goes with it."""
HEAD = struct.Struct(">cQ")
log = logging.getLogger("portal.copies")


class NotSet(Exception):
    """A copy could not be made; says the type of the error, never its text."""


class Presses(Protocol):
    """What makes a PDF of a copy."""

    def pdf(self, copy: dict[str, Any]) -> bytes:
        """The PDF; raises NotSet."""


class Press:
    """One process that sets copies, replaced now and then."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.made = 0

    def pdf(self, copy: dict[str, Any]) -> bytes:
        """The PDF of one copy; raises NotSet."""
        if self.made >= COPIES_EACH:
            self.close()
        process = self.process or self._start()
        self.made += 1
        try:
            return exchange(process, json.dumps(copy).encode() + b"\n", time.monotonic() + PATIENCE)
        except BaseException:
            process.kill()
            self.close()  # the next copy gets a process of its own
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        """Without the portal's environment: it needs none of the keys in it."""
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own file, by our own Python
                [sys.executable, "-I", str(PRESS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", ""), "RAYON_NUM_THREADS": "1"},
            )
        except OSError as error:
            raise NotSet("not started") from error
        self.made = 0
        return self.process

    def close(self) -> None:
        """End it; a press that is idle ends by itself when its input does."""
        process, self.process, self.made = self.process, None, 0
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what a press that died did not read
                if pipe is not None:
                    pipe.close()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def a_press() -> Iterator[Press]:
    """A press for as long as the block lasts."""
    press = Press()
    try:
        yield press
    finally:
        press.close()


def pdf_of(copy: dict[str, Any]) -> bytes | None:
    """The PDF of one copy, None where it cannot be made."""
    with a_press() as press:
        return pdf_by(press, copy)


def pdf_by(press: Presses, copy: dict[str, Any]) -> bytes | None:
    """The PDF; where it cannot be made, None, and the log says what kind of error it was."""
    try:
        return press.pdf(copy)
    except NotSet as error:
        log.error("a copy could not be set", extra={"error": str(error)})  # noqa: TRY400 - it quotes answers
        return None


def exchange(process: subprocess.Popen[bytes], document: bytes, deadline: float) -> bytes:
    """Send a document and take the answer; raises NotSet when it fails, ends or takes too long."""
    if process.stdin is None or process.stdout is None:
        raise NotSet("no pipes")
    try:
        process.stdin.write(document)
        process.stdin.flush()
    except OSError as error:
        raise NotSet("ended") from error
    mark, length = HEAD.unpack(taken(process.stdout, HEAD.size, deadline))
    answer = taken(process.stdout, length, deadline)
    if mark != b"D":
        raise NotSet(answer.decode("ascii", "replace"))
    return answer


def taken(pipe: IO[bytes], size: int, deadline: float) -> bytes:
    """Exactly so many bytes."""
    parts: list[bytes] = []
    missing = size
    while missing:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(pipe.fileno(), min(missing, 1 << 20)) if ready else b""
        if not part:
            raise NotSet("ended" if ready else "too slow")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
