"""The program that sets copies as PDF, run as a process of its own by `typesetting`.

It imports nothing of the portal: it starts in a moment, and what setting text takes of memory goes with it.
It reads one JSON document a line and answers each with a byte that says how it went, the length in eight
bytes and the PDF. Files are tagged (PDF/UA-1): headings, lists of question and answer, language, title.

A character that no font here has is shown by its number, and the copy says so; nothing is lost in silence.
"""

from __future__ import annotations

import json
import struct
import sys
import unicodedata
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

FONTS = ("manimgx_fonts", "manimgx_fonts_cjk")
"""Packages that hold nothing but fonts."""
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC")
"""Asked for first, in this order; every other font follows where these have no sign for a character."""
TEMPLATE = Path(__file__).with_name("data") / "copy.typ"
UNPRINTED = (
    "Some characters of this application cannot be printed here. Each is shown by its number in square "
    "brackets, such as [U+13000]. The page on the website shows them as they were typed."
)
DONE, FAILED = b"D", b"F"
RTL = ("R", "AL")
PLAIN = ("L", *RTL)

Ranges = list[tuple[int, int]]


def covered_by(path: Path) -> Ranges:
    """The characters that a font file has signs for (its table `cmap`); of a collection its first font."""
    data = path.read_bytes()
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    tables = struct.unpack_from(">H", data, start + 4)[0]
    for number in range(tables):
        tag, _sum, offset, _length = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if tag == b"cmap":
            count = struct.unpack_from(">H", data, offset + 2)[0]
            places = {
                offset + struct.unpack_from(">HHI", data, offset + 4 + 8 * entry)[2] for entry in range(count)
            }
            return [found for place in places for found in ranges_at(data, place)]
    return []


def ranges_at(data: bytes, place: int) -> Iterator[tuple[int, int]]:
    """The ranges of one subtable of the two kinds that Unicode fonts have (formats 4 and 12)."""
    kind = struct.unpack_from(">H", data, place)[0]
    if kind == 12:
        for group in range(struct.unpack_from(">I", data, place + 12)[0]):
            first, last, _glyph = struct.unpack_from(">III", data, place + 16 + 12 * group)
            yield first, last
    elif kind == 4:
        segments = struct.unpack_from(">H", data, place + 6)[0] // 2
        ends = struct.unpack_from(f">{segments}H", data, place + 14)
        starts = struct.unpack_from(f">{segments}H", data, place + 16 + 2 * segments)
        yield from ((first, last) for first, last in zip(starts, ends, strict=True) if last != 0xFFFF)


class Press:
    """Fonts that are read once, and the template."""

    def __init__(self) -> None:
        folders = [place for name in FONTS if (place := folder_of(name)) is not None]
        self.fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(one) for one in folders]
        )
        self.source = TEMPLATE.read_bytes()
        self.characters: set[int] = set()
        for folder in folders:
            for file in sorted(folder.glob("*.tt[fc]")):
                for first, last in covered_by(file):
                    self.characters.update(range(first, last + 1))

    def set_copy(self, copy: dict[str, Any]) -> bytes:
        """The PDF of one copy."""
        missing: set[str] = set()
        prepared = self.prepared(copy, missing)
        if missing:
            prepared["notes"] = [*prepared["notes"], UNPRINTED]
        try:
            return self.compiled(prepared, ["ua-1"])
        except typst.TypstError:
            # The standard refuses a sign that its font cannot compose: a box is drawn, and the copy says so.
            if not missing:
                prepared["notes"] = [*prepared["notes"], UNPRINTED]
            return self.compiled(prepared, [])

    def compiled(self, prepared: dict[str, Any], standards: list[Any]) -> bytes:
        """The file; the same for the same copy, on every machine and day."""
        inputs = {"copy": json.dumps(prepared), "fonts": json.dumps(FAMILIES)}
        made: Any = typst.compile(
            self.source, font_paths=self.fonts, sys_inputs=inputs, format="pdf", pdf_standards=standards
        )
        return bytes(made)

    def prepared(self, copy: dict[str, Any], missing: set[str]) -> dict[str, Any]:
        """The copy as the template takes it: every text in lines that know their direction."""

        def lines(text: str) -> list[dict[str, Any]]:
            return [{"text": self.printable(line, missing), "rtl": is_rtl(line)} for line in text.split("\n")]

        def pairs(rows: list[list[str]]) -> list[list[Any]]:
            return [[lines(question), lines(answer)] for question, answer in rows]

        return {
            "title": copy["title"],
            "footer": copy["footer"],
            "notes": list(copy["notes"]),
            "facts": [[question, lines(answer)] for question, answer in copy["facts"]],
            "sections": [
                {
                    "title": section["title"],
                    "groups": [
                        {
                            "heading": lines(group["heading"]) if group["heading"] else [],
                            "rows": pairs(group["rows"]),
                        }
                        for group in section["groups"]
                    ],
                }
                for section in copy["sections"]
            ],
        }

    def printable(self, line: str, missing: set[str]) -> str:
        """The line with the number of each character that no font has, in brackets."""
        line = line.replace("\t", " ").replace("\xad", "")
        if line.isascii():
            return line
        return "".join(one if self.can_print(one) else number_of(one, missing) for one in line)

    def can_print(self, character: str) -> bool:
        """Whether some font has it, or it is drawn as nothing anyway."""
        code = ord(character)
        return (
            code in self.characters
            or unicodedata.category(character) == "Cf"
            or 0xFE00 <= code <= 0xFE0F
            or 0xE0100 <= code <= 0xE01EF
        )


def folder_of(package: str) -> Path | None:
    """Where a package lies; it is not imported."""
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def number_of(character: str, missing: set[str]) -> str:
    """[U+13000], and noted."""
    missing.add(character)
    return f"[U+{ord(character):04X}]"


def is_rtl(line: str) -> bool:
    """Whether the first letter of a line is one of a script written from right to left."""
    kinds = (unicodedata.bidirectional(character) for character in line)
    return next((kind for kind in kinds if kind in PLAIN), "L") in RTL


def main() -> None:
    """Set copies until the input ends."""
    press, out = Press(), sys.stdout.buffer
    for line in sys.stdin.buffer:
        try:
            mark, made = DONE, press.set_copy(json.loads(line))
        except Exception as error:  # noqa: BLE001 - whatever it is, only its type may leave: texts quote answers
            mark, made = FAILED, type(error).__name__.encode()
        out.write(mark + struct.pack(">Q", len(made)) + made)
        out.flush()


if __name__ == "__main__":
    main()
