"""Ports that tests give to programs: whatever else runs on this machine, nobody else is given them."""

from __future__ import annotations

import socket

import pytest

from portal.core.serving import CannotServe, listen
from tests.support.ports import free_port


def test_no_two_are_the_same_and_the_system_gives_them_to_nobody() -> None:
    mine = {free_port() for _ in range(20)}
    assert len(mine) == 20
    given = set()
    for _ in range(60_000):  # about twice as many as there are to give
        with socket.create_server(("127.0.0.1", 0)) as another:
            given.add(another.getsockname()[1])
    assert not mine & given


def test_the_portal_can_listen_there_and_only_one() -> None:
    port = free_port()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    with listen("127.0.0.1", port), pytest.raises(CannotServe):
        listen("127.0.0.1", port)
