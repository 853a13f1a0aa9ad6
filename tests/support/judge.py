"""The judge: what every page and every response must be, whichever test fetched it.

`judge_page` reads the markup, `judge_response` the headers. Both return faults as sentences; the client
of `tests.support.client` fails the test that fetched the page. Each rule is a generator of its own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from tests.support.markup import Document, Element

CONTROLS = ("input", "select", "textarea")
UNLABELLED_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})
DATA_BLOCK = "application/ld+json"
"""The one kind of script without an address: an advert's facts for search engines. No browser runs it."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
QUOTES_MEAN_THEMSELVES = ("code", "pre", "kbd", "samp", "textarea", "script", "style")


def judge_page(
    html: str | Document, *, status: int = 200, path: str = "/", typed: Sequence[str] = ()
) -> list[str]:
    """Everything wrong with a page; `typed` are words of people, whose quotes stay as they are."""
    page = Document(html) if isinstance(html, str) else html
    faults = [f"markup: {fault}" for fault in page.faults]
    for rule in RULES:
        faults += [f"{rule.__name__}: {fault}" for fault in rule(page)]
    faults += [f"error_summary: {fault}" for fault in error_summary(page, status, path)]
    faults += [f"quotes: {fault}" for fault in quotes(page, typed)]
    return faults


def frame(page: Document) -> Iterator[str]:
    """Doctype, language, encoding, a width that lets people zoom, one main landmark, one h1."""
    if page.doctype.casefold() != "doctype html":
        yield "the page does not begin with <!DOCTYPE html>"
    root = page.first("html")
    if root is None or not root.get("lang"):
        yield "the page does not say its language"
    if page.first("meta", charset="utf-8") is None:
        yield "the page does not say its encoding"
    viewport = page.first("meta", name="viewport")
    if viewport is None:
        yield "the page has no viewport"
    elif "user-scalable" in viewport.get("content") or "maximum-scale" in viewport.get("content"):
        yield "the viewport hinders zooming"
    for tag in ("title", "h1", "main"):
        if (count := len(page.all(tag))) != 1:
            yield f"{count} × <{tag}> instead of one"
    for tag in ("iframe", "object", "embed", "base", "marquee"):
        if page.first(tag):
            yield f"<{tag}> has no place here"


def title_agrees(page: Document) -> Iterator[str]:
    """The title is "[Error: ]h1 – service…"; "Error: " stands there exactly when a summary of errors does."""
    title, h1 = page.title, page.h1
    if not h1:
        yield "the h1 is empty"
    shows_errors = page.first(class_="govuk-error-summary") is not None
    if shows_errors != title.startswith("Error: "):
        yield f"the title {title!r} and an error summary {'shown' if shows_errors else 'not shown'} disagree"
    rest = title.removeprefix("Error: ").removeprefix(h1)
    if h1 and (not title.removeprefix("Error: ").startswith(h1) or not re.match(r" (–|\()|$", rest)):
        yield f"the title {title!r} does not begin with the h1 {h1!r}"


def error_summary(page: Document, status: int, path: str) -> Iterator[str]:
    """A summary comes with a status that says so; each line leads to a control and stands beside it too."""
    summary = page.first(class_="govuk-error-summary")
    if summary is None:
        if messages := page.all(class_="govuk-error-message"):
            yield f"the message {messages[0].text!r} without a summary of errors"
        return
    if status < 400:
        yield f"errors are shown with status {status}"
    if not page.errors:
        yield "the summary names no error"
    for link in summary.all("a"):
        target = page.by_id(link.get("href").removeprefix("#")) if link.get("href").startswith("#") else None
        if target is None:
            yield f"{link.text!r} leads nowhere on this page ({link.get('href')!r})"
        elif target.tag not in (*CONTROLS, "button", "a"):
            yield f"{link.text!r} leads to <{target.tag}>, which cannot be typed into"
    beside = {
        message.text.removeprefix("Error: ").removeprefix("Error:").strip()
        for message in page.all(class_="govuk-error-message")
    }
    for link in summary.all("a"):
        if link.text not in beside:
            yield f"{link.text!r} is not repeated beside its field"


def ids(page: Document) -> Iterator[str]:
    """Ids are unique, and whatever points at one finds it."""
    counted = Counter(element["id"] for element in page.root.walk() if "id" in element.attrs)
    for identifier, count in counted.items():
        if count > 1 or not identifier or " " in identifier:
            yield f"id={identifier!r} × {count}"
    for element in page.root.walk():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form"):
            for identifier in element.get(attribute).split():
                if identifier not in counted:
                    yield f"<{element.tag} {attribute}={identifier!r}> points at nothing"
        if element.tag == "a" and element.get("href").startswith("#") and element["href"][1:] not in counted:
            yield f"the link {element['href']!r} leads nowhere"


def visible_controls(page: Document | Element) -> list[Element]:
    """Controls that a person fills in."""
    return [
        c for c in page.all(*CONTROLS) if c.tag != "input" or c.get("type", "text") not in UNLABELLED_INPUTS
    ]


def labels(page: Document) -> Iterator[str]:
    """Each control has one label with words; each button says what it does."""
    by_for = {label["for"]: label for label in page.all("label") if "for" in label.attrs}
    for control in visible_controls(page):
        label = by_for.get(control.get("id")) or control.inside("label")
        if (
            not (label and label.text)
            and not control.get("aria-label")
            and not control.get("aria-labelledby")
        ):
            yield f"<{control.tag} name={control.get('name')!r}> of line {control.line} has no label"
        if not control.get("name"):
            yield f"<{control.tag} id={control.get('id')!r}> has no name"
        if control.get("placeholder"):
            yield f"{control.get('name')!r} has a placeholder where a hint belongs"
        if "required" in control.attrs:
            yield f"{control.get('name')!r}: the browser would answer before our own words do (required)"
    for button in page.all("button"):
        if not button.text and not button.get("aria-label"):
            yield f"a button of line {button.line} says nothing"
    for button in page.all("input"):
        if button.get("type") in ("submit", "button", "reset") and not button.get("value"):
            yield f"a button of line {button.line} says nothing"


def groups(page: Document) -> Iterator[str]:
    """Radios and checkboxes of one name stand in a fieldset with a legend."""
    kinds = [c for c in visible_controls(page) if c.get("type") in ("radio", "checkbox")]
    names = Counter((c.get("name"), id(c.inside("form"))) for c in kinds)
    for control in kinds:
        alone = (
            control.get("type") == "checkbox"
            and names[(control.get("name"), id(control.inside("form")))] == 1
        )
        fieldset = control.inside("fieldset")
        if not alone and not (fieldset and (legend := fieldset.first("legend")) and legend.text):
            yield f"the choices {control.get('name')!r} have no legend"
    for fieldset in page.all("fieldset"):
        if fieldset.first("legend") is None and not fieldset.get("aria-labelledby"):
            yield f"the fieldset of line {fieldset.line} has no legend"


def forms(page: Document) -> Iterator[str]:
    """A POST carries its token and ends with the mark that shows it whole; a GET carries neither."""
    for form in page.all("form"):
        method = form.get("method", "get").casefold()
        names = [control["name"] for control in form.all(*CONTROLS, "button") if control.get("name")]
        if urlsplit(form.get("action")).netloc:
            yield f"a form of line {form.line} is sent elsewhere: {form.get('action')!r}"
        if method == "get" and {"csrf_token", "form_end"} & set(names):
            yield f"the GET form of line {form.line} carries a token"
        elif method == "post":
            yield from post_form(form, names)
        elif method != "get":
            yield f"method={method!r}"


def post_form(form: Element, names: list[str]) -> Iterator[str]:
    """What a form that changes something must carry."""
    hidden = {control.get("name"): control.get("value") for control in form.all("input", type="hidden")}
    where = f"the form of line {form.line}"
    if not hidden.get("csrf_token"):
        yield f"{where} has no csrf_token"
    if not names or names[-1] != "form_end" or not hidden.get("form_end"):
        yield f"{where} does not end with form_end"
    if form.first("input", type="file") and form.get("enctype") != "multipart/form-data":
        yield f"{where} would lose its files"
    if visible_controls(form) and "novalidate" not in form.attrs:
        yield f"{where} lets the browser judge it (novalidate)"
    if not submit_buttons(form):
        yield f"{where} has no button"


def submit_buttons(form: Element) -> list[Element]:
    """The buttons that send a form."""
    return [
        b
        for b in form.all("button", "input")
        if b.get("type", "submit" if b.tag == "button" else "") == "submit"
    ]


def scripts(page: Document) -> Iterator[str]:
    """Scripts come from our own /static; only blocks of data stand in the page."""
    for script in page.all("script"):
        if "src" in script.attrs:
            if not script["src"].startswith("/static/"):
                yield f"a script from {script['src']!r}"
        elif script.get("type") != DATA_BLOCK:
            yield f"an inline script on line {script.line}"
        elif not is_json(script.source):
            yield f"the data of line {script.line} cannot be read"
    for element in page.root.walk():
        for name, value in element.attrs.items():
            if name.startswith("on"):
                yield f"<{element.tag} {name}=…>"
            if name in ("href", "src", "action", "formaction") and value.strip().casefold().startswith(
                ("javascript:", "data:text")
            ):
                yield f"<{element.tag} {name}={value!r}>"


def is_json(text: str) -> bool:
    """Whether it is JSON that HTML cannot end early."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return "<" not in text


def styles(page: Document) -> Iterator[str]:
    """No style in the page; style sheets and icons come from our own /static."""
    for element in page.root.walk():
        if "style" in element.attrs:
            yield f"<{element.tag} style={element['style']!r}>"
        if element.tag == "style":
            yield f"<style> on line {element.line}"
        loaded = element.tag == "link" and element.get("rel") not in (
            "canonical",
            "alternate",
            "next",
            "prev",
        )
        if loaded and not element.get("href").startswith("/static/"):
            yield f"<link rel={element.get('rel')!r} href={element.get('href')!r}>"


def links(page: Document) -> Iterator[str]:
    """Each link has words and a place to lead to."""
    for link in page.all("a"):
        if "href" not in link.attrs:
            yield f"the link {link.text!r} has no address"
        words = link.text or link.get("aria-label") or " ".join(image.get("alt") for image in link.all("img"))
        if not words.strip():
            yield f"the link to {link.get('href')!r} has no words"
        if words.strip().casefold().rstrip(".") in ("here", "click here", "more", "link", "this"):
            yield f"the link to {link.get('href')!r} says only {words!r}"
        if link.get("target") == "_blank" and "opens in new tab" not in words.casefold():
            yield f"the link {words!r} opens a new tab without saying so"


def images(page: Document) -> Iterator[str]:
    """Pictures are our own and have a text alternative, empty where they only decorate."""
    for image in page.all("img"):
        if "alt" not in image.attrs:
            yield f"{image.get('src')!r} has no alt"
        if not image.get("src").startswith("/static/"):
            yield f"a picture from {image.get('src')!r}"
        if "width" not in image.attrs or "height" not in image.attrs:
            yield f"{image.get('src')!r} does not say its size: the page would jump"
    for drawing in page.all("svg"):
        if drawing.get("aria-hidden") != "true" and drawing.get("role") != "img":
            yield f"the drawing of line {drawing.line} is neither hidden nor named"


def terms(page: Document) -> Iterator[str]:
    """What a list describes is named: an empty term leaves its text standing by itself."""
    for term in page.all("dt"):
        if not term.text:
            yield "a term of a list of descriptions is empty"


def tables(page: Document) -> Iterator[str]:
    """Tables have a caption, and header cells that say which way they point."""
    for table in page.all("table"):
        caption = table.first("caption")
        if not (caption and caption.text) and not table.get("aria-labelledby"):
            yield f"the table of line {table.line} has no caption"
        if not table.all("th"):
            yield f"the table of line {table.line} has no header cell"
        for cell in table.all("th"):
            if cell.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
                yield f"the header cell {cell.text!r} has no scope"


def headings(page: Document) -> Iterator[str]:
    """Headings do not skip a level, and none is empty."""
    found = page.all(*HEADINGS)
    for heading in found:
        if not heading.text:
            yield f"an empty <{heading.tag}> on line {heading.line}"
    levels = [int(heading.tag[1]) for heading in page.main.all(*HEADINGS)]
    for before, after in pairwise([1, *levels]):
        if after > before + 1:
            yield f"<h{after}> follows <h{before}>"


def described(page: Document) -> Iterator[str]:
    """What is said to be wrong with a control is tied to it."""
    for message in page.all(class_="govuk-error-message"):
        tied = [
            e
            for e in page.root.walk()
            if message.get("id") and message["id"] in e.get("aria-describedby").split()
        ]
        if not tied:
            yield f"the message {message.text!r} is tied to no control"


def no_asterisks(page: Document) -> Iterator[str]:
    """What may be left out is marked in words; nothing is marked with an asterisk."""
    for element in page.all("label", "legend"):
        if "*" in element.text:
            yield f"{element.text!r}"


def visible_strings(element: Element) -> Iterator[str]:
    """The strings with straight quotes that a person reads, and the attributes that are read out."""
    for child in element.children:
        if isinstance(child, str):
            if "'" in child or '"' in child:
                yield child
        elif child.tag not in QUOTES_MEAN_THEMSELVES:
            yield from visible_strings(child)
    for attribute in ("alt", "aria-label", "title"):
        if attribute in element.attrs:
            yield element[attribute]


def quotes(page: Document, typed: Sequence[str]) -> Iterator[str]:
    """Our own words have smart quotes; what people typed stays as they typed it."""
    for text in visible_strings(page.root):
        left = " ".join(text.split())
        if "'" not in left and '"' not in left:
            continue
        for words in typed:
            for line in words.splitlines():
                left = left.replace(" ".join(line.split()), "") if line.strip() else left
        if "'" in left or '"' in left:
            yield f"straight quotes in {left[:80]!r}"


RULES = (
    frame,
    title_agrees,
    ids,
    labels,
    groups,
    forms,
    scripts,
    styles,
    links,
    images,
    terms,
    tables,
    headings,
    described,
    no_asterisks,
)
