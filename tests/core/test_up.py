"""`portal up`: one command, everything runs; stopped or killed, nothing is left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import stat
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from portal.accounts.models import StaffUser
from portal.accounts.passwords import password_matches
from portal.cli import main
from portal.core import clock
from portal.core.database import Database
from tests.core.test_worker import queue
from tests.support.databases import TestDatabase
from tests.support.ports import free_port
from tests.support.processes import ROOT, Process, connect, get, running, wait_until_served

Env = dict[str, str]


def newcomer(instance: Path) -> Env:
    """What a newcomer’s shell has: nothing of the portal’s but a free port and a folder."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "INSTANCE": str(instance),
        "PORT": str(free_port()),
    }


@pytest.fixture
def env(tmp_path: Path) -> Env:
    """Their environment, before the first start."""
    return newcomer(tmp_path / "instance")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder after a first start."""
    folder = tmp_path_factory.mktemp("prepared") / "instance"
    with running("up", env=newcomer(folder)) as process:
        process.wait_for("^sign-in: admin ")
        assert process.stop() == 0, process.output
    return folder


@pytest.fixture
def again(env: Env, prepared: Path) -> Env:
    """The environment of somebody who has started it before."""
    shutil.copytree(prepared, env["INSTANCE"])
    return env


def sign_ins(process: Process) -> dict[str, tuple[str, str]]:
    """Role → address and password, as printed."""
    process.wait_for("^sign-in: admin ")
    lines = [line.split() for line in process.lines if line.startswith("sign-in: ")]
    return {role: (email, password) for _, role, email, password in lines}


def opens(env: Env, email: str, password: str) -> bool:
    """Whether that password is the one that is stored."""
    database = Database(env.get("DATABASE_URL") or f"sqlite:///{env['INSTANCE']}/portal.sqlite3")
    try:
        with database.reading() as session:
            person = session.scalars(select(StaffUser).where(StaffUser.email == email)).one()
        return password_matches(person.password_hash, password)
    finally:
        database.dispose()


def children_of(process: Process) -> list[int]:
    process.wait_for("^http://")
    listing = Path(f"/proc/{process.popen.pid}/task/{process.popen.pid}/children")
    return [int(pid) for pid in listing.read_text().split()]


def ended(pids: list[int], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        alive = [pid for pid in pids if is_running(pid)]
        if not alive:
            return True
        time.sleep(0.05)
    return False


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def mails_to(address: bytes, folder: Path) -> list[Path]:
    """The files of mail to this address: the demonstration’s own mail lies beside them."""
    return [file for file in folder.glob("*.eml") if b"To: " + address in file.read_bytes()]


def test_a_newcomer_gets_an_address_sign_ins_and_mail_as_files(env: Env) -> None:
    with running("up", env=env) as process:
        address = process.wait_for("^http://.*$")[0]
        assert address == f"http://127.0.0.1:{env['PORT']}"
        people = sign_ins(process)
        assert {"hr", "hiring_manager", "fostering", "admin"} <= people.keys()
        assert get(int(env["PORT"]), "/health", "127.0.0.1").startswith(b"HTTP/1.1 200")
        assert opens(env, *people["admin"])
        database = Database(f"sqlite:///{env['INSTANCE']}/portal.sqlite3")
        queue(database, "a@example.org", at=clock.now())
        database.dispose()
        folder, deadline = Path(env["INSTANCE"], "mail"), time.monotonic() + 20
        while not mails_to(b"a@example.org", folder) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(mails_to(b"a@example.org", folder)) == 1
        assert process.stop() == 0, process.output
    for file in ("secret-key", "demonstration-sign-ins.json", "portal.sqlite3"):
        assert stat.S_IMODE(Path(env["INSTANCE"], file).stat().st_mode) == 0o600


def test_what_is_printed_is_true_at_every_start(again: Env) -> None:
    with running("up", env=again) as process:
        first = sign_ins(process)
        process.stop()
    with running("up", env=again) as process:
        assert sign_ins(process) == first  # and nobody was signed out by it
        process.stop()
    with running("up", env={**again, "DEMO_PASSWORD": "harbour-lantern-seven"}) as process:
        process.wait_for("^sign-in: admin .* harbour")
        process.stop()
    assert opens(again, first["admin"][0], "harbour-lantern-seven")
    remembered = Path(again["INSTANCE"], "demonstration-sign-ins.json")
    lines = json.loads(remembered.read_text())
    lines[0][3] = "of another database"
    remembered.write_text(json.dumps(lines))
    with running("up", env=again) as process:
        renewed = sign_ins(process)
        process.stop()
    assert all(opens(again, *person) for person in renewed.values())


def test_a_database_with_other_peoples_records_is_left_alone(again: Env) -> None:
    database = Database(f"sqlite:///{again['INSTANCE']}/portal.sqlite3")
    with database.transaction() as session:
        for person in session.scalars(select(StaffUser)):
            person.email = person.email.replace("example.org", "example.com")
    database.dispose()
    with running("up", env=again) as process:
        process.wait_for("^http://")
        assert process.stop() == 0
        assert "sign-in:" not in process.output


def test_it_runs_on_postgresql(env: Env, postgres_database: TestDatabase) -> None:
    with postgres_database.spare() as url:
        env = {**env, "DATABASE_URL": url}
        with running("up", env=env) as process:
            people = sign_ins(process)
            wait_until_served(int(env["PORT"]))
            assert opens(env, *people["hr"])
            assert process.stop() == 0, process.output
        assert not list(Path(env["INSTANCE"]).glob("*.sqlite3"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_stops_all_of_it(again: Env, number: int) -> None:
    with running("up", env=again) as process:
        children = children_of(process)
        assert len(children) == 2
        assert process.stop(number) == 0, process.output
        assert not [pid for pid in children if is_running(pid)]


def test_ctrl_c_in_a_terminal_reaches_all_of_them_at_once(again: Env) -> None:
    with running("up", env=again) as process:
        children = children_of(process)
        os.killpg(process.popen.pid, signal.SIGINT)
        assert process.finish() == 0, process.output
        assert "Traceback" not in process.output
        assert not [pid for pid in children if is_running(pid)]


def test_killed_it_leaves_nobody_behind(again: Env) -> None:
    with running("up", env=again) as process:
        children = children_of(process)
        process.popen.send_signal(signal.SIGKILL)
        assert ended(children)


def test_when_one_part_ends_all_of_it_ends_and_says_so(again: Env) -> None:
    with running("up", env=again) as process:
        children = children_of(process)
        os.kill(children[0], signal.SIGKILL)
        assert process.finish() == 1
        assert "a process has ended" in process.output
        assert ended(children)


def test_a_port_in_use_is_named_before_anything_is_made(env: Env) -> None:
    with socket.create_server(("127.0.0.1", int(env["PORT"]))), running("up", env=env) as process:
        assert process.finish() == 2
        assert f"port {env['PORT']}" in process.output
        assert "set PORT" in process.output
        assert not list(Path(env["INSTANCE"]).glob("*.sqlite3"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"PORTAL_MODE": "production"}, "portal serve"),
        ({"HOST": "0.0.0.0"}, "HOST"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"PORT": "eight thousand"}, "PORT"),
    ],
)
def test_what_is_not_for_development_is_refused(
    env: Env, changes: Env, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {**env, **changes})
    result = CliRunner().invoke(main, ["up"])
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_any_free_port_will_do(again: Env) -> None:
    with running("up", env={**again, "PORT": "0"}) as process:
        port = int(process.wait_for(r"^http://127\.0\.0\.1:(\d+)$")[1])
        connect(port).close()
        assert process.stop() == 0
