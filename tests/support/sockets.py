"""No test reaches beyond this machine: a connection or a name look-up elsewhere fails the test.

An audit hook sees every socket of this process, whatever library opens it. It also keeps what it
refused, since code under test may swallow the exception.
"""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

LOCAL_NAMES = frozenset({"", "localhost", "localhost.localdomain"})

refused: list[str] = []


class SocketRefused(OSError):
    """A test tried to leave the machine."""


def is_local(host: object) -> bool:
    """Whether a host can only mean this machine (None and '' are the wildcard of a listener)."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
    if text is None or str(text) in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(str(text).split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not is_local(host):
        refused.append(f"{event} {host!r}")
        raise SocketRefused(f"tests stay on this machine: {event} {host!r}")


def guard() -> None:
    """Begin watching; lasts as long as the process."""
    sys.addaudithook(_watch)
