"""The portal as people run it: `portal up` for a first look, `portal serve` and `portal worker` for real."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tests.support import compiled
from tests.support.ports import free_port
from tests.support.settings import SECRET
from tests.support.smtp import SmtpServer
from tests.support.sources import ROOT

PORTAL = Path(sys.executable).with_name("portal")
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
SIGN_IN = re.compile(r"^sign-in: (\S+) (\S+) (.+)$", re.MULTILINE)
START_SECONDS = 60


@dataclass
class Live:
    """A running portal: where it is, who can sign in, what it writes."""

    base_url: str
    instance: Path
    process: subprocess.Popen[bytes]
    log: Path
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Role or e-mail address → e-mail address and password; of two people in a role, the second."""

    def stop(self) -> int:
        """End it as systemd would; gives its exit status."""
        return stop(self.process)


def environment(**changes: str) -> dict[str, str]:
    """Only what a program needs to run, and these settings."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**kept, "PYTHONWARNINGS": "error", **changes}


def command(environ: Mapping[str, str], *arguments: str, given: str = "") -> str:
    """Run one of the portal's commands to its end; fails with what it said."""
    done = subprocess.run(
        [PORTAL, *arguments], env=dict(environ), input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def start(command: list[str], environ: Mapping[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start one of the portal's commands in a process group of its own."""
    return subprocess.Popen(
        [str(PORTAL), *command], env=dict(environ), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
    )


def stop(process: subprocess.Popen[bytes]) -> int:
    """SIGTERM, and SIGKILL to the whole group for what does not listen."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait(5)


def answers(base_url: str, path: str = "/health") -> bool:
    """Whether the portal says that it is alive."""
    host = urlsplit(base_url)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def wait_until_it_answers(live: Live) -> None:
    """Wait until it serves; fails with its log when it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not live.base_url or not answers(live.base_url):
        said = live.log.read_text()
        assert live.process.poll() is None, (
            f"the portal ended with {live.process.returncode}:\n{said[-4000:]}"
        )
        assert time.monotonic() < deadline, f"the portal does not answer:\n{said[-4000:]}"
        if not live.base_url and (found := re.search(r"^(http://\S+)$", said, re.MULTILINE)):
            live.base_url = found[1]
        time.sleep(0.05)


@contextmanager
def first_look(folder: Path) -> Iterator[Live]:
    """`portal up`: SQLite, demonstration data, web and worker, mail into files."""
    log = folder / "up.log"
    compiled.share(folder / "instance")
    environ = environment(INSTANCE=str(folder / "instance"), PORT="0")
    with log.open("wb") as file:
        live = Live("", folder / "instance", start(["up"], environ, file), log)
    try:
        wait_until_it_answers(live)
        for role, email, password in SIGN_IN.findall(log.read_text()):
            live.people[role] = live.people[email] = (email, password)
        yield live
    finally:
        live.stop()


def production_environment(
    folder: Path, database_url: str, smtp: SmtpServer, **changes: str
) -> dict[str, str]:
    """Settings of production, on a loopback address and with a mail server of ours."""
    port = free_port()
    return environment(
        PORTAL_MODE="production",
        SECRET_KEY=SECRET,
        DATABASE_URL=database_url,
        INSTANCE=str(folder / "instance"),
        HOST="127.0.0.1",
        PORT=str(port),
        BASE_URL=f"http://127.0.0.1:{port}",
        MAIL_FROM="no-reply@example.org",
        SMTP_HOST=smtp.host,
        SMTP_PORT=str(smtp.port),
        SMTP_TLS="none",
        **changes,
    )


@contextmanager
def production(folder: Path, environ: Mapping[str, str], *, worker: bool = True) -> Iterator[Live]:
    """`portal serve` (gunicorn, two workers) and `portal worker` on a migrated database."""
    (folder / "instance").mkdir(mode=0o700, exist_ok=True)
    compiled.share(folder / "instance")
    with (folder / "serve.log").open("wb") as log, (folder / "worker.log").open("wb") as worker_log:
        web = start(["serve"], environ, log)
        mailer = start(["worker"], environ, worker_log) if worker else None
    live = Live(environ["BASE_URL"], folder / "instance", web, folder / "serve.log")
    try:
        wait_until_it_answers(live)
        yield live
    finally:
        live.stop()
        if mailer is not None:
            stop(mailer)
