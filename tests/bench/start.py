"""How long `make run` takes: in a fresh clone, and again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.support.live import answers, environment, stop
from tests.support.sources import ROOT

ADDRESS = re.compile(r"^(http://\S+)$", re.MULTILINE)
BARE = """
import sys
from flask import Flask
from waitress.server import create_server
app = Flask("limit")
app.add_url_rule("/health", "health", lambda: "ok")
server = create_server(app, host="127.0.0.1", port=0)
print(f"http://127.0.0.1:{server.effective_port}", flush=True)
server.run()
"""


def seconds_until_it_answers(command: list[str], folder: Path, environ: Mapping[str, str]) -> float:
    """Start, wait for the address it prints to answer, stop."""
    log = folder / "start.log"
    begun = time.perf_counter()
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environ), stdout=file, stderr=file, start_new_session=True
        )
    try:
        while True:
            said = log.read_text()
            address = ADDRESS.search(said)
            if address and answers(address[1]):
                return time.perf_counter() - begun
            if process.poll() is not None or time.perf_counter() - begun > 300:
                raise RuntimeError(f"{command} did not start:\n{said[-2000:]}")
            time.sleep(0.02)
    finally:
        stop(process)


def measure_starts(warm_runs: int = 5) -> tuple[list[float], list[float], list[float]]:
    """Cold and warm `make run` of a fresh clone, and a bare Flask on the same server, in seconds."""
    folder = Path(tempfile.mkdtemp(prefix="portal-clone-"))
    try:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "portal")], check=True)
        clone = folder / "portal"
        environ = {**inherited(), "PORT": "0", "INSTANCE": str(folder / "instance")}
        cold = [seconds_until_it_answers(["make", "--silent", "run"], clone, environ)]
        warm, bare = [], []
        for _ in range(warm_runs):
            bare.append(seconds_until_it_answers([sys.executable, "-c", BARE], clone, environ))
            warm.append(seconds_until_it_answers(["make", "--silent", "run"], clone, environ))
        return cold, warm, bare
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def inherited() -> dict[str, str]:
    """The environment with what installers need (proxies, package indices), and none of our settings."""
    found = environment()
    del found["PYTHONWARNINGS"]
    kept = (
        "PIP_",
        "UV_",
        "NPM_",
        "npm_",
        "HTTP",
        "http",
        "NO_PROXY",
        "no_proxy",
        "SSL_",
        "REQUESTS_",
        "NODE_",
    )
    return {**found, **{name: value for name, value in os.environ.items() if name.startswith(kept)}}
