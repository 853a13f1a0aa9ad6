"""The PDF of a copy: what it says, what it does not hold, names in any script, and a press that fails."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdf
import pytest

from portal.applications.copies import typesetting
from portal.applications.copies.archive import zip_chunks
from portal.applications.copies.content import VEILED, Copy
from portal.applications.copies.typesetting import NotSet, Press, a_press
from portal.journeys.snapshot import Row, SnapshotGroup, SnapshotSection

SENT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def make_copy(*answers: str, reference: str = "APP-7K3QX4WM", **changes: Any) -> Copy:
    """A copy whose only section has these answers."""
    rows = tuple(Row(f"q{number}", f"Question {number}", answer) for number, answer in enumerate(answers))
    section = SnapshotSection("details", "Your details", (SnapshotGroup("details", rows),))
    return Copy(reference, "Social worker", "SCC-CS-2026-0001", SENT, [section], **changes)


class Shared:
    """One press for the tests that only look at what it makes: starting one takes longest."""

    press: Press


@pytest.fixture(scope="module", autouse=True)
def shared_press() -> Iterator[None]:
    with a_press() as Shared.press:
        yield


def printed(copy: Copy) -> bytes:
    return Shared.press.pdf(copy.document())


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data), strict=True)


def text_of(data: bytes) -> str:
    """All text of the file, line ends as spaces."""
    return " ".join(" ".join(page.extract_text() for page in read(data).pages).split())


def test_a_copy_says_what_was_asked_and_answered() -> None:
    copy = make_copy("Zoë", "", veiled=True)
    text = text_of(printed(copy))
    for words in ("Application APP-7K3QX4WM", "Social worker", "10am on Sunday 22 November 2026", VEILED):
        assert words in text
    assert "Question 0 Zoë Question 1 Not provided" in text


def test_a_copy_can_be_read_aloud() -> None:
    file = read(printed(make_copy("Zoë")))
    root = file.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert [entry["/Title"] for entry in file.outline] == ["Your details"]
    kinds = {kind for kind, _ in tags(root["/StructTreeRoot"])}
    assert {"/Document", "/H1", "/L", "/Lbl", "/LBody"} <= kinds


def tags(node: Any) -> list[tuple[str, Any]]:
    """Every element of the structure, by kind."""
    node = node.get_object()
    if isinstance(node, list):
        return [found for one in node for found in tags(one)]
    if not isinstance(node, dict):
        return []
    own = [(node["/S"], node)] if "/S" in node else []
    return own + (tags(node["/K"]) if "/K" in node else [])


def test_the_metadata_holds_the_title_alone() -> None:
    file = read(printed(make_copy("Zoë")))
    assert dict(file.metadata or {}).keys() == {"/Title", "/Creator"}
    assert file.metadata is not None
    assert file.metadata.title == "Application APP-7K3QX4WM"
    assert "Zoë" not in file.trailer["/Root"]["/Metadata"].get_data().decode()


HOSTILE = (
    'https://evil.example/ #link("https://evil.example")[x] #image("/etc/passwd") $x$ @ref <label> *b* `r`'
)


def test_nothing_in_a_copy_does_anything() -> None:
    data = printed(make_copy(HOSTILE, '=HYPERLINK("http://x")', "\\u{41} // no comment /* none */"))
    text = text_of(data)
    for words in ('#link("https://evil.example")[x]', '#image("/etc/passwd")', '=HYPERLINK("http://x")'):
        assert words in text
    assert r"\u{41} // no comment /* none */" in text
    file = read(data)
    assert not any("/Annots" in page for page in file.pages)
    live = {"/OpenAction", "/AA", "/AcroForm", "/URI", "/Names", "/AF", "/JavaScript"}
    assert not live & set(file.trailer["/Root"])
    for pattern in (rb"/JS\b", rb"/Launch", rb"/URI\b", rb"/EmbeddedFile"):
        assert not re.search(pattern, data)


def test_a_copy_made_again_is_the_same_copy() -> None:
    with a_press() as press:
        first = press.pdf(make_copy("Zoë").document())
        press.pdf(make_copy("Somebody else").document())
        assert press.pdf(make_copy("Zoë").document()) == first


NAMES = [
    "Łukasz Żółć", "Siân Llŷr", "Ἀθηνᾶ", "Дмитро Їжак", "王小明", "김철수", "山田はなこ",
    "ქეთევან", "Հայկ", "ሰላም", "😀",
]  # fmt: skip
SHAPED = ["Nguyễn Thị Hương", "آمنة محمد", "שרה כהן", "नमस्ते", "தமிழ்", "ไทย", "বাংলা", "ਪੰਜਾਬੀ"]
"""Drawn with several signs for a letter: this reader of text gets the letters, but some of them twice."""


def test_names_in_any_script_are_printed() -> None:
    data = printed(make_copy(*NAMES, *SHAPED))
    text = unicodedata.normalize("NFC", text_of(data))
    assert "cannot be printed" not in text
    for name in NAMES:
        assert name in text
    for name in SHAPED:
        assert set(name) - {" "} <= set(text), name
    assert b"<pdfuaid:part>1</pdfuaid:part>" in read(data).trailer["/Root"]["/Metadata"].get_data()


def test_a_character_that_no_font_has_is_said() -> None:
    text = text_of(printed(make_copy("Name \U00013000 and \ue123.")))
    assert "Name [U+13000] and [U+E123]." in text
    assert "cannot be printed here" in text


@pytest.mark.parametrize(
    "odd",
    ["a\tb", "zero\u200bwidth", "joined\u200d", "soft\u00adhyphen", "\ufe0f", "e\u0301\u0323\u0308" * 30],
)
def test_odd_characters_do_not_stop_a_copy(odd: str) -> None:
    assert "after" in text_of(printed(make_copy(odd, "after")))


def test_a_long_answer_goes_on_for_pages() -> None:
    file = read(printed(make_copy(*["five words in a line " * 1000] * 3)))
    assert len(file.pages) > 10
    assert sum(page.extract_text().count("words") for page in file.pages) == 3000


def test_a_document_that_fails_says_only_what_kind_of_error() -> None:
    with a_press() as press, pytest.raises(NotSet, match=r"^KeyError$"):
        press.pdf({"secret": "Zoë"})


def test_a_press_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "PATIENCE", 0.0)
    with a_press() as press:
        process = press._start()
        with pytest.raises(NotSet, match="too slow"):
            press.pdf(make_copy("Zoë").document())
        assert process.wait(5) != 0


def test_a_press_that_died_is_an_error_and_no_half_file() -> None:
    with a_press() as press:
        press._start().kill()
        with pytest.raises(NotSet, match="ended"):
            press.pdf(make_copy("Zoë").document())


def test_what_cannot_be_set_is_text_in_its_place_and_the_others_go_on() -> None:
    copies = [make_copy("Zoë", reference=f"APP-7K3QX4W{letter}", veiled=letter == "C") for letter in "ABC"]

    def one_by_one(press: Press) -> Iterator[Copy]:
        for copy in copies:
            if copy is copies[1] and press.process is not None:
                press.process.kill()
                press.process.wait()
            yield copy

    with a_press() as press:
        data = b"".join(zip_chunks(lambda: one_by_one(press), press))
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert archive.namelist() == [
        "application-APP-7K3QX4WA.pdf",
        "application-APP-7K3QX4WB.txt",
        "application-APP-7K3QX4WC.pdf",
    ]
    text = archive.read("application-APP-7K3QX4WB.txt").decode("utf-8-sig")
    for words in (
        "Application APP-7K3QX4WB",
        "could not be made as a PDF",
        "Social worker",
        "Question 0\nZoë",
    ):
        assert words in text
    assert VEILED in text_of(archive.read("application-APP-7K3QX4WC.pdf"))


def test_the_text_of_a_copy_says_what_is_hidden() -> None:
    assert VEILED in make_copy(veiled=True).text()


def test_a_press_knows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for the press")
    with a_press() as press:
        pid = press._start().pid
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123
            assert b"SECRET_KEY" not in file.read()


def test_a_press_is_replaced_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "COPIES_EACH", 2)
    with a_press() as press:
        used = set()
        for _ in range(4):
            press.pdf(make_copy("Zoë").document())
            used.add(press.process and press.process.pid)
    assert len(used) == 2


def test_an_archive_is_streamed_and_whole() -> None:
    made: list[str] = []

    def copies() -> Any:
        for number in range(3):
            made.append(f"APP-{number}")
            yield make_copy(f"Answer {number}", reference=f"APP-{number}")

    chunks = zip_chunks(copies)
    first = next(chunks)
    assert made == ["APP-0"]
    archive = zipfile.ZipFile(io.BytesIO(first + b"".join(chunks)))
    assert archive.testzip() is None
    assert archive.namelist() == [f"application-APP-{number}.pdf" for number in range(3)]
    assert "Answer 2" in text_of(archive.read("application-APP-2.pdf"))
    assert {info.date_time for info in archive.infolist()} == {(2026, 11, 22, 10, 0, 0)}


GROWTH = """
import resource
from tests.applications.copies.test_typesetting import make_copy
from portal.applications.copies import archive
class Quick:
    def pdf(self, document): return b"x" * 50_000
sizes = []
for count in (20, 1000):
    total = sum(len(part) for part in archive.zip_chunks(
        lambda: (make_copy("x", reference=f"APP-{n}") for n in range(count)), Quick()))
    sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    assert total > count * 50_000
print(sizes[1] - sizes[0])
"""


def test_memory_does_not_grow_with_the_archive() -> None:
    """50 MB of copies go through; copies are made up, since what the press keeps is its own affair."""
    done = subprocess.run(
        [sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert float(done.stdout) < 8


def test_times_before_archives_were_invented_do_not_break_one() -> None:
    old = make_copy("x")
    chunks = zip_chunks(lambda: [Copy(old.reference, "", "", SENT - timedelta(days=20_000), old.sections)])
    assert zipfile.ZipFile(io.BytesIO(b"".join(chunks))).testzip() is None
