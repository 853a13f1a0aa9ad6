"""Serving on a developer's machine: waitress, which reads a request completely before a thread sees it.

So slow clients cost nothing here either. Loopback addresses only: Settings refuses any other.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

from portal.core.logs import AccessLog
from portal.core.unread import refuse_unread

THREADS = 8
LARGEST_BODY = 16 * 1024 * 1024
"""Bytes waitress takes before it refuses by itself; the portal's own, smaller limit answers with a page."""

SINGLE_HEADERS = (b"host", b"content-length", b"transfer-encoding", b"content-type")


class StrictParser(HTTPRequestParser):
    """Waitress's parser, refusing what two programs could read as two different requests.

    Left alone, waitress takes a body announced by both Content-Length and Transfer-Encoding, and joins
    two Host headers into one (RFC 9112 §3.2 and §6.1 ask a server to refuse them).
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Refuse repeated or contradicting headers, then parse as waitress does."""
        names = [line.partition(b":")[0].strip().lower() for line in header_plus.split(b"\r\n")[1:]]
        if any(names.count(name) > 1 for name in SINGLE_HEADERS):
            raise ParsingError("A header that may stand once was repeated")
        if b"content-length" in names and b"transfer-encoding" in names:
            raise ParsingError("Content-Length and Transfer-Encoding together")
        super().parse_header(header_plus)


class UnreadTask(ErrorTask):
    """Our page for what waitress refuses, in place of its own."""

    channel: Any
    request: Any

    def execute(self) -> None:
        """Write the page and close."""
        answer = refuse_unread(self.channel.server.app, self.request.error.code)
        self.status = answer.status
        self.response_headers = [(name, value) for name, value in answer.headers if name != "Connection"]
        self.set_close_on_finish()
        self.content_length = len(answer.data)
        self.write(answer.data)


class StrictChannel(HTTPChannel):
    """A connection that uses the strict parser."""

    parser_class = StrictParser
    error_task_class = UnreadTask


class DevelopmentServer(TcpWSGIServer):
    """Waitress on a socket that is already bound."""

    channel_class = StrictChannel
    app: Flask


def development_server(app: Flask, bound: socket.socket) -> DevelopmentServer:
    """Waitress on a listening socket; `run()` serves until SIGINT or SystemExit."""
    server = DevelopmentServer(
        AccessLog(app),
        _sock=bound,
        bind_socket=False,
        sockinfo=(bound.family, bound.type, bound.proto, bound.getsockname()),
        threads=THREADS,
        connection_limit=500,
        channel_timeout=60,
        max_request_header_size=16 * 1024,
        max_request_body_size=LARGEST_BODY,
        ident="",
        clear_untrusted_proxy_headers=True,
    )
    server.app = app
    return server


def serve_development(app: Flask, bound: socket.socket) -> None:
    """Serve on a listening socket until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    with contextlib.closing(development_server(app, bound)) as server:
        server.run()
