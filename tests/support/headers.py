"""What the headers of every response must say, whatever its status."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.datastructures import Headers
from werkzeug.http import parse_cookie

POLICY = {
    "default-src": {"'none'"},
    "base-uri": {"'none'"},
    "object-src": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
}
"""What the content security policy must say at least."""

OWN_OR_NOTHING = {"'self'", "'none'"}
REFERRER = frozenset({"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"})


def judge_response(headers: Headers, *, secure: bool, private: bool = False) -> list[str]:
    """Everything wrong with a response’s headers; `private`: it was made for one person."""
    faults = [f"CSP: {fault}" for fault in content_policy(headers.get("Content-Security-Policy", ""))]
    faults += plain(headers, secure)
    faults += [f"caching: {fault}" for fault in caching(headers, private)]
    for line in headers.getlist("Set-Cookie"):
        faults += [f"cookie: {fault}" for fault in cookie(line, secure)]
    return faults


def directives(policy: str) -> dict[str, set[str]]:
    """A content security policy as directive → sources."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {part[0].casefold(): set(part[1:]) for part in parts}


def content_policy(policy: str) -> Iterator[str]:
    """Nothing but our own files, nothing inline, framed by nobody."""
    said = directives(policy)
    for name, sources in POLICY.items():
        found = said.get(name, said.get("default-src") if name == "object-src" else None)
        if found != sources:
            yield f"{name} is {found} instead of {sources}"
    for name, sources in said.items():
        if strange := {source for source in sources - OWN_OR_NOTHING if not source.startswith("'sha256-")}:
            yield f"{name} allows {sorted(strange)}"


def plain(headers: Headers, secure: bool) -> Iterator[str]:
    """The headers that are the same everywhere."""
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "X-Content-Type-Options is not nosniff"
    if headers.get("Referrer-Policy") not in REFERRER:
        yield f"Referrer-Policy is {headers.get('Referrer-Policy')!r}"
    if headers.get("Cross-Origin-Opener-Policy") != "same-origin":
        yield f"Cross-Origin-Opener-Policy is {headers.get('Cross-Origin-Opener-Policy')!r}"
    if not headers.get("Permissions-Policy"):
        yield "there is no Permissions-Policy"
    if secure != ("Strict-Transport-Security" in headers):
        yield f"Strict-Transport-Security {'is missing' if secure else 'is sent over plain http'}"
    if "X-Powered-By" in headers:
        yield "X-Powered-By tells what runs here"
    for name, value in headers.items():
        if any(ord(character) < 32 for character in value):
            yield f"{name} holds a control character"


def caching(headers: Headers, private: bool) -> Iterator[str]:
    """Whatever is not public is not kept by anybody; a cookie is never given to everybody."""
    said = {part.strip().partition("=")[0].casefold() for part in headers.get("Cache-Control", "").split(",")}
    if "public" not in said and "no-store" not in said:
        yield f"neither public nor no-store: {headers.get('Cache-Control')!r}"
    if private and "no-store" not in said:
        yield f"made for one person, yet {headers.get('Cache-Control')!r}"
    if "public" in said and headers.getlist("Set-Cookie"):
        yield "a public response sets a cookie"


def cookie(line: str, secure: bool) -> Iterator[str]:
    """`__Host-`, Secure, HttpOnly, SameSite=Lax, the whole site, no domain."""
    name = next(iter(parse_cookie(line.split(";", 1)[0])), "")
    pairs = [part.strip().partition("=") for part in line.split(";")[1:]]
    said = {key.casefold(): value for key, _, value in pairs}
    if secure and not name.startswith("__Host-"):
        yield f"{name} has no __Host- prefix"
    if secure and "secure" not in said:
        yield f"{name} is not Secure"
    if "httponly" not in said:
        yield f"{name} is not HttpOnly"
    if said.get("samesite") not in ("Lax", "Strict"):
        yield f"{name} is SameSite={said.get('samesite')}"
    if said.get("path") != "/":
        yield f"{name} has the path {said.get('path')!r}"
    if "domain" in said:
        yield f"{name} has a domain"
