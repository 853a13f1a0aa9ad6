"""The guard at the door: hosts, forged requests, bodies cut short, and headers on every answer.

There is no inline script or style anywhere, so the policy needs no nonce: `script-src 'self'` is the
stronger rule, and a page without a nonce can be cached (docs/decisions/0003).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.core.context import current_settings
from portal.core.database import SAFE_METHODS
from portal.core.errors import CrossSite, IncompleteBody
from portal.settings import Settings

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}

HSTS = "max-age=31536000; includeSubDomains"
FORM_END = "form_end"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

csrf = CSRFProtect()

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def keeps_words(view: View) -> View:
    """Mark a view that checks the CSRF token through its own form, so that what was typed stays on the page.

    Such a view must call `form.validate_on_submit()`; a test posts a wrong token to every one of them.
    """
    view.keeps_words = True  # type: ignore[attr-defined]  # read in check_request
    return view


def machine_post(view: View) -> View:
    """Mark a POST that carries no session and no form: one-click unsubscribe (RFC 8058) and the like."""
    view.machine_post = True  # type: ignore[attr-defined]  # read in check_request
    return view


def init_app(app: Flask, settings: Settings) -> None:
    """Configure limits and register the guard before, and the headers after, every request."""
    app.config.update(
        MAX_CONTENT_LENGTH=settings.maximum_body,
        MAX_FORM_MEMORY_SIZE=settings.maximum_body,
        MAX_FORM_PARTS=1000,
        TRUSTED_HOSTS=list(settings.hosts),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SECRET_KEY=[*settings.secret_key_fallbacks, settings.secret_key],  # the last one signs
        WTF_CSRF_SSL_STRICT=False,  # the Origin and Sec-Fetch-Site checks below serve; Referer may be absent
        WTF_CSRF_TIME_LIMIT=12 * 3600,
    )
    csrf.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.before_request(check_request)
    app.after_request(add_headers)


def check_request() -> None:
    """Refuse unsafe requests that another site sent, that carry no token, or that arrived cut short."""
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    check_length()
    if getattr(view, "machine_post", False):
        return
    check_origin()
    if request.mimetype in FORM_TYPES and request.form.get(FORM_END) != "1":
        raise IncompleteBody
    if not getattr(view, "keeps_words", False):
        csrf.protect()


def check_length() -> None:
    """The body must be as long as announced; a connection cut mid-form is not an answer given."""
    announced = request.content_length
    if announced is not None and announced > current_settings().maximum_body:
        raise RequestEntityTooLarge
    if request.mimetype == "application/x-www-form-urlencoded":
        body = request.get_data(cache=True, parse_form_data=False)
        if announced is not None and len(body) != announced:
            raise IncompleteBody


def check_origin() -> None:
    """What the browser says of where the form came from must be this site (OWASP ASVS 5.0 3.5)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        raise CrossSite
    origin = request.headers.get("Origin")
    if site is None and origin is not None and urlsplit(origin).netloc != request.host:
        raise CrossSite


def add_headers(response: Response) -> Response:
    """Security headers on every response; `no-store` unless the view said that its page is public."""
    given = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - iterating gives pairs
    for name, value in HEADERS.items():
        if name.lower() not in given:
            response.headers.add(name, value)
    if current_settings().secure and "strict-transport-security" not in given:
        response.headers.add("Strict-Transport-Security", HSTS)
    if "cache-control" not in given or g.get("error_page"):
        response.headers["Cache-Control"] = "no-store"
    return response
