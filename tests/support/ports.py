"""Ports for programs that tests start, so that no two tests, nor two runs, are given the same."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port of this machine that nobody else is given until this process ends.

    It stays bound without being listened on: connections are refused, the system gives it to nobody, and a
    program that sets SO_REUSEADDR, as the portal does, can listen on it.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    port: int = holder.getsockname()[1]
    holder.detach()  # kept open for good, and by nothing that could close it
    return port
