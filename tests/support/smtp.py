"""A real SMTP server on this machine that keeps what it is given."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Inbox:
    """Mails in the order they came; `answer` is what the server says to each."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.arrived = threading.Condition()
        self.answer = "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd’s
        with self.arrived:
            if self.answer.startswith("2"):
                self.envelopes.append(envelope)
            self.arrived.notify_all()
        return self.answer

    @property
    def messages(self) -> list[EmailMessage]:
        """What was delivered, parsed."""
        contents = [envelope.content or b"" for envelope in self.envelopes]
        return [message_from_bytes(bytes(content), policy=policy.default) for content in contents]

    def wait_for(self, count: int, seconds: float = 20) -> list[EmailMessage]:
        """The messages, once there are so many; fails after a while."""
        with self.arrived:
            enough = self.arrived.wait_for(lambda: len(self.envelopes) >= count, seconds)
        assert enough, f"{len(self.envelopes)} mails came instead of {count}"
        return self.messages


class FreePortController(Controller):
    """aiosmtpd’s controller on whichever port is free; its own would look for itself on port 0."""

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        listening = socket.create_server((self.hostname, 0))
        self.port = listening.getsockname()[1]
        return self.loop.create_server(self._factory_invoker, sock=listening)


class SmtpServer:
    """The address of the server and what it was given."""

    def __init__(self, controller: Controller, inbox: Inbox) -> None:
        self.host, self.port = controller.hostname, controller.port
        self.inbox = inbox


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    """A server on a free port of the loopback address."""
    inbox = Inbox()
    controller = FreePortController(inbox, hostname="127.0.0.1")
    controller.start()
    try:
        yield SmtpServer(controller, inbox)
    finally:
        controller.stop(no_assert=True)
