"""The judge itself: a good page passes, and each way of spoiling it is found."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import Headers

from tests.support.headers import judge_response
from tests.support.judge import judge_page

GOOD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Your name – Council</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/portal.css">
<script type="application/ld+json">{"a": "it’s"}</script></head>
<body><header><h2>Menu</h2></header><main id="main"><h1>Your name</h1><h2>Who you are</h2>
<form method="post" action="/name" novalidate>
<label for="first">First name</label><input id="first" name="first" type="text">
<fieldset><legend>Contact</legend>
<input type="radio" id="a" name="how" value="a"><label for="a">Phone</label>
<input type="radio" id="b" name="how" value="b"><label for="b">Email</label></fieldset>
<button type="submit">Continue</button>
<input type="hidden" name="csrf_token" value="t"><input type="hidden" name="form_end" value="1"></form>
<table><caption>Posts</caption><tr><th scope="col">Post</th></tr><tr><td>One</td></tr></table>
<p>It’s <a href="/fostering">fostering</a> <img src="/static/a.png" alt="" width="1" height="1"></p>
<svg aria-hidden="true"><path d="M0 0"/></svg>
</main><script type="module" src="/static/portal.js"></script></body></html>"""

ERROR = (
    '<div class="govuk-error-summary"><h2>There is a problem</h2>'
    '<ul><li><a href="#first">Enter your first name</a></li></ul></div><h1>Your name</h1>'
)
MESSAGE = (
    '<p id="first-error" class="govuk-error-message"><span>Error:</span> Enter your first name</p>'
    '<input id="first" aria-describedby="first-error"'
)
BAD = (
    GOOD.replace("<h1>Your name</h1>", ERROR)
    .replace('<input id="first"', MESSAGE)
    .replace("<title>", "<title>Error: ")
)

SPOILT = [
    ("frame", "<!DOCTYPE html>", ""),
    ("frame", ' lang="en"', ""),
    ("frame", '<meta charset="utf-8">', ""),
    ("frame", "initial-scale=1", "initial-scale=1, maximum-scale=1"),
    ("frame", "</h1>", "</h1><h1>Another</h1>"),
    ("frame", "<h2>Menu</h2>", '<main id="second"></main>'),
    ("frame", "<h2>Menu</h2>", '<iframe src="/x"></iframe>'),
    ("markup", "</h2>", "</h3>"),
    ("markup", "</a>", ""),
    ("markup", "</main>", "</main></div>"),
    ("markup", 'name="first"', 'name="first" name="last"'),
    ("title_agrees", "<title>Your name", "<title>Your names"),
    ("title_agrees", "<title>Your name", "<title>Error: Your name"),
    ("title_agrees", "<h1>Your name</h1>", "<h1></h1>"),
    ("terms", "<p>It’s", "<dl><dt></dt><dd>Five</dd></dl><p>It’s"),
    ("ids", 'id="b"', 'id="a"'),
    ("ids", 'for="b"', 'for="c"'),
    ("ids", 'href="/fostering"', 'href="#nowhere"'),
    ("ids", 'name="first"', 'name="first" aria-describedby="hint"'),
    ("labels", '<label for="first">First name</label>', ""),
    ("labels", "First name</label>", "</label>"),
    ("labels", ">Continue<", "><"),
    ("labels", 'name="first"', ""),
    ("labels", 'name="first"', 'name="first" placeholder="Jo"'),
    ("labels", 'name="first"', 'name="first" required'),
    ("groups", "<legend>Contact</legend>", ""),
    ("forms", 'name="csrf_token" value="t"', 'name="csrf_token" value=""'),
    ("forms", 'name="form_end"', 'name="end"'),
    ("forms", '<button type="submit">Continue</button>', ""),
    ("forms", " novalidate", ""),
    ("forms", 'method="post"', 'method="get"'),
    ("forms", 'action="/name"', 'action="https://elsewhere.example/"'),
    ("forms", "</form>", '<input type="text" aria-label="x" name="late"></form>'),
    ("forms", '<input id="first" name="first" type="text">', '<input id="first" name="first" type="file">'),
    ("scripts", ' src="/static/portal.js"', ""),
    ("scripts", "/static/portal.js", "https://cdn.example/x.js"),
    ("scripts", '<button type="submit"', '<button type="submit" onclick="x()"'),
    ("scripts", 'href="/fostering"', 'href="javascript:x()"'),
    ("styles", "<p>", '<p style="color: red">'),
    ("styles", "</head>", "<style>p {}</style></head>"),
    ("styles", "/static/portal.css", "https://cdn.example/x.css"),
    ("links", ">fostering</a>", "></a>"),
    ("links", ">fostering</a>", ">click here</a>"),
    ("links", 'href="/fostering"', 'href="/fostering" target="_blank"'),
    ("links", ' href="/fostering"', ""),
    ("images", ' alt=""', ""),
    ("images", "/static/a.png", "https://elsewhere.example/a.png"),
    ("images", ' width="1"', ""),
    ("images", '<svg aria-hidden="true">', "<svg>"),
    ("tables", "<caption>Posts</caption>", ""),
    ("tables", ' scope="col"', ""),
    ("headings", "<h2>Who you are</h2>", "<h3>Who you are</h3>"),
    ("headings", "<h2>Who you are</h2>", "<h2></h2>"),
    ("no_asterisks", "First name", "First name *"),
    ("quotes", "It’s", "It's"),
    ("quotes", ' alt=""', ' alt="A &quot;house&quot;"'),
    ("error_summary", "<h2>Who", '<p class="govuk-error-message">No</p><h2>Who'),
]

SPOILT_ERRORS = [
    ("title_agrees", "<title>Error: ", "<title>"),
    ("error_summary", 'href="#first"', 'href="#second"'),
    ("error_summary", 'href="#first"', 'href="#main"'),
    ("error_summary", "</span> Enter your first name", "</span> Enter a name"),
    ("error_summary", "<li><a", "<p><a"),
    ("described", ' aria-describedby="first-error"', ""),
]


def test_a_good_page_passes() -> None:
    assert judge_page(GOOD) == []


def test_a_page_with_errors_passes() -> None:
    assert judge_page(BAD, status=422) == []


@pytest.mark.parametrize(("rule", "old", "new"), SPOILT, ids=lambda value: value[:30])
def test_each_way_of_spoiling_a_page_is_found(rule: str, old: str, new: str) -> None:
    assert old in GOOD
    found = judge_page(GOOD.replace(old, new, 1))
    assert any(fault.startswith(f"{rule}: ") for fault in found), found


@pytest.mark.parametrize(("rule", "old", "new"), SPOILT_ERRORS, ids=lambda value: value[:30])
def test_each_way_of_spoiling_a_page_with_errors_is_found(rule: str, old: str, new: str) -> None:
    assert old in BAD
    found = judge_page(BAD.replace(old, new), status=422)
    assert any(fault.startswith(f"{rule}: ") for fault in found), found


def test_errors_shown_with_status_200_are_found() -> None:
    assert "error_summary: errors are shown with status 200" in judge_page(BAD)


def test_quotes_that_a_person_typed_stay() -> None:
    page = GOOD.replace("It’s", "O'Brien wrote “yes”, it’s")
    assert judge_page(page, typed=["O'Brien"]) == []
    assert judge_page(page, typed=["O'Neill"]) != []


POLICY = (
    "default-src 'none'; img-src 'self'; base-uri 'none'; object-src 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)


def good_headers() -> Headers:
    return Headers(
        {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=()",
            "Strict-Transport-Security": "max-age=1",
            "Cache-Control": "no-store",
            "Set-Cookie": "__Host-session=x; Secure; HttpOnly; Path=/; SameSite=Lax",
        }
    )


def test_good_headers_pass() -> None:
    assert judge_response(good_headers(), secure=True, private=True) == []


@pytest.mark.parametrize("name", [name for name in good_headers().keys() if name != "Set-Cookie"])  # noqa: SIM118
def test_each_header_is_missed(name: str) -> None:
    headers = good_headers()
    del headers[name]
    assert judge_response(headers, secure=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", "default-src 'self'"),
        (
            "Content-Security-Policy",
            POLICY + "; script-src 'unsafe-inline'",
        ),
        (
            "Content-Security-Policy",
            POLICY + "; script-src https://cdn.example",
        ),
        ("Content-Security-Policy", POLICY + "; script-src data:"),
        ("Referrer-Policy", "unsafe-url"),
        ("Cache-Control", "private"),
        ("Cache-Control", "public, max-age=60"),
        ("X-Powered-By", "Flask"),
        ("Set-Cookie", "session=x; Secure; HttpOnly; Path=/; SameSite=Lax"),
        ("Set-Cookie", "__Host-session=x; HttpOnly; Path=/; SameSite=Lax"),
        ("Set-Cookie", "__Host-session=x; Secure; Path=/; SameSite=Lax"),
        ("Set-Cookie", "__Host-session=x; Secure; HttpOnly; Path=/; SameSite=None"),
        ("Set-Cookie", "__Host-session=x; Secure; HttpOnly; Path=/staff; SameSite=Lax"),
        ("Set-Cookie", "__Host-session=x; Secure; HttpOnly; Path=/; Domain=example.org; SameSite=Lax"),
    ],
)
def test_each_bad_header_is_found(name: str, value: str) -> None:
    headers = good_headers()
    headers[name] = value
    assert judge_response(headers, secure=True, private=True)
