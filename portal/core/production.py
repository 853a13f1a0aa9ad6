"""Serving in production: gunicorn with several worker processes, behind a buffering proxy.

A connection that waits costs a sleeping thread and nothing else, so slow clients delay nobody; the
proxy of docs/operations.md is still part of the set-up.
"""

from __future__ import annotations

import contextlib
import gc
import io
import socket
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http import errors as unreadable
from gunicorn.workers.gthread import ThreadWorker

from portal.core import logs
from portal.core.database import Database
from portal.core.development import serve_development
from portal.core.logs import AccessLog
from portal.core.serving import CannotServe, check_ready, listen
from portal.core.unread import refuse_unread
from portal.settings import Settings

THREADS = 100
"""Connections one worker process holds at a time; each has a thread."""

TIMEOUT_SECONDS = 30
GRACE_SECONDS = 25
"""How long requests that have begun may take after SIGTERM; less than what systemd waits."""

KEEPALIVE_SECONDS = 75
"""Longer than the proxy keeps an idle connection, so that it is the proxy who closes it."""

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # gunicorn's heartbeat files: a slow disk must not look like a hang

REFUSALS: tuple[tuple[type[Exception], int], ...] = (
    (unreadable.InvalidResponseHeader, 500),  # type: ignore[attr-defined]  # newer than gunicorn's types
    (unreadable.InvalidResponseHeaderName, 500),  # type: ignore[attr-defined]  # the same
    (unreadable.ForbiddenProxyRequest, 403),
    (unreadable.LimitRequestLine, 414),
    (unreadable.ExpectationFailed, 417),
    (unreadable.LimitRequestHeaders, 431),
    (unreadable.UnsupportedTransferCoding, 501),
    (unreadable.ParseException, 400),
)
"""What gunicorn's parser raises, the first that fits, and the status that says it; anything else is 500."""


@click.command("serve", short_help="Serve the portal over HTTP.")
@click.pass_obj
def serve(info: ScriptInfo) -> None:
    """Serve the portal: several workers in production, one process on this machine in development.

    Refuses to start when a setting is unsafe or the database is not ready, and says what to do.
    """
    app = info.load_app()
    settings: Settings = app.extensions["portal.settings"]
    logs.configure(settings)
    try:
        if settings.production:
            serve_production(app, settings)
        else:
            check_ready(settings)
            serve_development(app, listen(settings.host, settings.port))
    except CannotServe as error:
        raise click.ClickException(
            "the portal cannot start\n" + "\n".join(f"- {p}" for p in error.problems)
        ) from error


class GunicornLog(Logger):
    """Gunicorn's own messages as records of ours; its access log is replaced by `AccessLog`."""

    def setup(self, cfg: Any) -> None:
        """No handler of its own: records go up to the root's."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class RequestBody(io.RawIOBase):
    """A body as gunicorn gives it, whose broken chunks look like what they are: a client that went wrong.

    Gunicorn raises errors of its own while the application reads, which would be taken for the portal's.
    """

    def __init__(self, body: Any) -> None:
        self.body = body

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; raises OSError, which Werkzeug answers with 400."""
        try:
            data: bytes = self.body.read(len(buffer))
        except unreadable.ParseException as error:
            raise OSError("the body cannot be read") from error
        buffer[: len(data)] = data
        return len(data)


class PortalWorker(ThreadWorker):
    """Gunicorn's worker with threads, answering with our pages also what it cannot read."""

    app: ProductionServer

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Gunicorn's own pages quote the request, and have no headers that protect."""
        status = next((status for kind, status in REFUSALS if isinstance(exc, kind)), 500)
        answer = refuse_unread(self.app.app, status, exc)
        head = f"HTTP/1.1 {answer.status}\r\n{answer.headers}"
        client.settimeout(TIMEOUT_SECONDS)
        with contextlib.suppress(OSError):  # whoever sends nonsense may also not stay for the answer
            client.sendall(head.encode("latin-1") + answer.data)


class ProductionServer(BaseApplication):
    """Gunicorn, configured here and nowhere else: no file, no command line, no environment."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Every option that differs from gunicorn's default."""
        for name, value in gunicorn_options(self.settings).items():
            self.cfg.set(name, value)
        self.cfg.set("post_fork", self.forget_connections)

    def load(self) -> Any:
        """The application, made before the workers are forked: they share its memory."""
        logged = AccessLog(self.app)

        def serve(environ: Any, start_response: Any) -> Any:
            environ["wsgi.input"] = RequestBody(environ["wsgi.input"])
            return logged(environ, start_response)

        return serve

    def forget_connections(self, _server: Any, _worker: Any) -> None:
        """No worker may use a database connection that it shares with another."""
        database: Database = self.app.extensions["portal.database"]
        database.dispose(close=False)


def gunicorn_options(settings: Settings) -> dict[str, Any]:
    """What gunicorn is told."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": f"{host}:{settings.port}",
        "workers": settings.workers,
        "worker_class": PortalWorker,
        "threads": THREADS,
        "worker_connections": THREADS + 1,
        "preload_app": True,
        "timeout": TIMEOUT_SECONDS,
        "graceful_timeout": GRACE_SECONDS,
        "keepalive": KEEPALIVE_SECONDS,
        "limit_request_line": 4094,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        "worker_tmp_dir": str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None,
        "logger_class": GunicornLog,
        "control_socket_disable": True,
        # Only ProxyFix decides whether a request came by https, and only from TRUSTED_PROXIES hops.
        "secure_scheme_headers": {},
        "forwarder_headers": "",
        "proc_name": "portal",
    }


def serve_production(app: Flask, settings: Settings) -> None:
    """Serve until SIGTERM; requests that have begun are finished."""
    check_ready(settings)
    listen(settings.host, settings.port).close()
    gc.collect()
    gc.freeze()  # what exists now stays as it is, so the workers go on sharing its memory
    ProductionServer(app, settings).run()
