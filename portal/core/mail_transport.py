"""Ways for a mail to leave: an SMTP server, or a folder when none is configured (development).

A transport says what became of a mail by what it raises; it knows no queue and no database.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol

from portal.core.mail import OutgoingMail
from portal.settings import Settings, Smtp

SOCKET_SECONDS = 15


class MailRefused(Exception):
    """The server will never take this mail; `code` says why, e.g. `smtp-550`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailDeferred(Exception):
    """This mail may go later; `ours` when the trouble is with our connection, not with the recipient."""

    def __init__(self, code: str, *, ours: bool) -> None:
        super().__init__(code)
        self.code = code
        self.ours = ours


class ServerAway(Exception):
    """No mail can leave now, whichever it is."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Transport(Protocol):
    """A way out of the house."""

    def send(self, mail: OutgoingMail, message: EmailMessage) -> None:
        """Hand one mail over; raises MailRefused, MailDeferred or ServerAway."""

    def close(self) -> None:
        """Let go of a connection, if there is one."""


class FolderTransport:
    """Writes each mail into a folder, for development: a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: OutgoingMail, message: EmailMessage) -> None:
        """One file a mail, named for its time and Message-ID: sent twice, it is still one file."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{mail.created_at:%Y%m%dT%H%M%SZ}-{mail.message_id.strip('<>').partition('@')[0]}"
        unfinished = self.folder / f".{name}.{os.getpid()}"
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(self.folder / f"{name}.eml")

    def close(self) -> None:
        """Nothing is open."""


class SmtpTransport:
    """Hands mails to one SMTP server; the connection is kept from one mail to the next."""

    def __init__(self, smtp: Smtp, sender: str) -> None:
        self.smtp = smtp
        self.sender = parseaddr(sender)[1]
        self.connection: smtplib.SMTP | None = None

    def send(self, mail: OutgoingMail, message: EmailMessage) -> None:
        """One transaction with the server; its answer decides what becomes of the mail."""
        connection = self._connected()
        try:
            connection.sendmail(self.sender, [mail.to], message.as_bytes())
        except smtplib.SMTPRecipientsRefused as error:
            raise self._judge(error.recipients[mail.to][0]) from error
        except smtplib.SMTPDataError as error:
            raise self._judge(error.smtp_code) from error
        except smtplib.SMTPSenderRefused as error:
            # Too large is about this mail; any other refusal of the sender is about our set-up.
            raise self._judge(error.smtp_code) if error.smtp_code == 552 else self._away(error) from error
        except smtplib.SMTPHeloError as error:
            raise self._away(error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise MailDeferred(connection_code(error), ours=True) from error

    def close(self) -> None:
        """Say goodbye, if the server still listens."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _judge(self, status: int) -> MailRefused | MailDeferred | ServerAway:
        code = f"smtp-{status}"
        if status == 421:
            self.close()
            return ServerAway(code)
        return MailRefused(code) if 500 <= status < 600 else MailDeferred(code, ours=False)

    def _away(self, error: smtplib.SMTPResponseException) -> ServerAway:
        self.close()
        return ServerAway(f"smtp-{error.smtp_code}")

    def _connected(self) -> smtplib.SMTP:
        """The open connection if the server still answers on it, or a new one, encrypted and signed in."""
        if self.connection is not None and not self._answers(self.connection):
            self.close()
        if self.connection is None:
            try:
                self.connection = self._connect()
            except (smtplib.SMTPException, OSError) as error:
                raise ServerAway(connection_code(error)) from error
        return self.connection

    def _answers(self, connection: smtplib.SMTP) -> bool:
        try:
            return connection.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _connect(self) -> smtplib.SMTP:
        smtp, context = self.smtp, ssl.create_default_context()
        connection: smtplib.SMTP
        # Our name is given: smtplib would look this machine up in the DNS, which may take a while or fail.
        name = self.sender.rpartition("@")[2]
        if smtp.tls == "implicit":
            connection = smtplib.SMTP_SSL(smtp.host, smtp.port, name, timeout=SOCKET_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(smtp.host, smtp.port, name, timeout=SOCKET_SECONDS)
        try:
            if smtp.tls == "starttls":
                connection.starttls(context=context)
            if smtp.user:
                connection.login(smtp.user, smtp.password)
        except BaseException:
            connection.close()
            raise
        return connection


def connection_code(error: Exception) -> str:
    """What went wrong with a connection, as a code; never the text, which may quote a name or address."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"smtp-{error.smtp_code}"
    if isinstance(error, TimeoutError):
        return "timeout"
    return type(error).__name__[:40]


def transport_for(settings: Settings) -> Transport:
    """The configured mail server, else the folder `mail` in the instance."""
    if settings.smtp is not None:
        return SmtpTransport(settings.smtp, settings.mail_from)
    return FolderTransport(settings.instance / "mail")
