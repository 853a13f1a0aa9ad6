"""A strict reader of HTML: a tree to ask questions of, and the faults met on the way.

Stricter than the standard: every element that can be closed must be, in order. Our own templates close
everything, so whatever is left open or closed twice is a mistake in a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
RAW = frozenset({"script", "style"})
FOREIGN = frozenset({"svg", "math"})
NAME = re.compile(r"[^\s\"'<>/=]+")


@dataclass(slots=True, eq=False)
class Element:
    """One element; its children are elements and strings."""

    tag: str
    attrs: dict[str, str]
    line: int = 0
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)
    page: list[Element] = field(default_factory=list, repr=False)
    """Every element of the page in document order; this one and what is in it are `page[start:end]`."""
    start: int = 0
    end: int = 0

    def __getitem__(self, name: str) -> str:
        return self.attrs[name]

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.attrs.get(name, default)

    @property
    def classes(self) -> frozenset[str]:
        """The names in the class attribute."""
        return frozenset(self.get("class").split())

    def walk(self) -> list[Element]:
        """This element and everything in it, in document order."""
        return self.page[self.start : self.end]

    def all(self, *tags: str, class_: str = "", **attrs: str) -> list[Element]:
        """Descendants with one of these tags (any, when none is named), a class and attribute values."""
        found = self.page[self.start + 1 : self.end]
        if tags:
            found = [element for element in found if element.tag in tags]
        if class_:
            found = [element for element in found if class_ in element.attrs.get("class", "").split()]
        for name, value in attrs.items():
            found = [element for element in found if element.attrs.get(name.rstrip("_")) == value]
        return found

    def first(self, *tags: str, class_: str = "", **attrs: str) -> Element | None:
        """The first of `all`, or None."""
        found = self.all(*tags, class_=class_, **attrs)
        return found[0] if found else None

    def inside(self, *tags: str) -> Element | None:
        """The nearest ancestor with one of these tags."""
        element = self.parent
        while element is not None and element.tag not in tags:
            element = element.parent
        return element

    @property
    def text(self) -> str:
        """What is to be read in it, with the spaces of a line of prose."""
        return " ".join("".join(self._strings(skip=RAW)).split())

    @property
    def source(self) -> str:
        """The characters in it as they stand, scripts included."""
        return "".join(self._strings(skip=frozenset()))

    def _strings(self, skip: frozenset[str]) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in skip:
                if child.tag not in INLINE:
                    yield " "
                yield from child._strings(skip)
                if child.tag not in INLINE:
                    yield " "


INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "cite", "code", "em", "i", "kbd", "mark", "path", "q", "s", "samp", "small",
     "span", "strong", "sub", "sup", "svg", "time", "tspan", "u", "var", "wbr")
)  # fmt: skip
"""Elements within a line; all others part the words before and after them."""


class Document:
    """A page: its tree and what was wrong with its markup."""

    def __init__(self, html: str) -> None:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        reader.finish()
        self.root = reader.root
        self.faults = reader.faults
        self.doctype = reader.doctype

    def all(self, *tags: str, class_: str = "", **attrs: str) -> list[Element]:
        """Elements of the page; see Element.all."""
        return self.root.all(*tags, class_=class_, **attrs)

    def first(self, *tags: str, class_: str = "", **attrs: str) -> Element | None:
        """The first of `all`, or None."""
        return self.root.first(*tags, class_=class_, **attrs)

    @property
    def title(self) -> str:
        """The text of the title element."""
        title = self.first("title")
        return title.text if title else ""

    @property
    def h1(self) -> str:
        """The text of the first h1."""
        heading = self.first("h1")
        return heading.text if heading else ""

    @property
    def main(self) -> Element:
        """The main landmark, or the whole page when it has none."""
        return self.first("main") or self.root

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        summary = self.first(class_="govuk-error-summary")
        return [item.text for item in summary.all("li")] if summary else []

    def by_id(self, identifier: str) -> Element | None:
        """The element with this id."""
        return self.first(id=identifier)

    def links(self) -> list[str]:
        """Every address that the page links to."""
        return [link["href"] for link in self.all("a") if "href" in link.attrs]

    def shape(self) -> tuple[tuple[str, ...], ...]:
        """The page's structure without its words: pages of one shape are equal to a checker of HTML."""
        rows = {
            (
                element.tag,
                element.parent.tag if element.parent else "",
                *sorted(element.attrs),
                *(
                    f"{name} has a blank"
                    for name in ("href", "src", "action", "id")
                    if " " in element.get(name)
                ),
            )
            for element in self.root.walk()
        }
        return tuple(sorted(rows))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#document", {})
        self.page = self.root.page = [self.root]
        self.open = [self.root]
        self.faults: list[str] = []
        self.doctype = ""

    def fault(self, text: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {text}")

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if len(names) < len(attrs):
            self.fault(f"<{tag}> has an attribute twice")
        if any(not name.isascii() or not NAME.fullmatch(name) for name in names):
            self.fault(f"<{tag}> has a broken attribute")
        place = len(self.page)
        values = {name: value or "" for name, value in attrs}
        element = Element(tag, values, self.getpos()[0], self.open[-1], [], self.page, place, place + 1)
        self.page.append(element)
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in VOID:
            return
        element = self.close_last()
        if tag not in FOREIGN and element.inside(*FOREIGN) is None:
            self.fault(f"<{tag}/> closes nothing in HTML")

    def close_last(self) -> Element:
        element = self.open.pop()
        element.end = len(self.page)
        return element

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            self.fault(f"</{tag}> closes an element that has no end")
        elif self.open[-1].tag == tag:
            self.close_last()
        elif any(element.tag == tag for element in self.open):
            while self.open[-1].tag != tag:
                left = self.close_last()
                self.fault(f"<{left.tag}> of line {left.line} is still open at </{tag}>")
            self.close_last()
        else:
            self.fault(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def finish(self) -> None:
        while len(self.open) > 1:
            left = self.close_last()
            self.fault(f"<{left.tag}> of line {left.line} is never closed")
        self.close_last()
