"""A wheel carries everything that the portal needs at run time, and is the same whichever way it is made.

Built by calling hatchling in this process: no network, no second environment.
"""

import os
import secrets
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

CHECKOUT = Path(__file__).resolve().parents[2]
# Where each folder of a checkout is found in the wheel.
MOVED = {
    "portal": "portal",
    "templates": "portal/templates",
    "static/built": "portal/static",
    "migrations": "portal/migrations",
}


@dataclass(frozen=True)
class Wheels:
    direct: Path
    through_sdist: Path


def build_wheel(source: Path, folder: Path) -> Path:
    return Path(next(WheelBuilder(str(source)).build(directory=str(folder), versions=["standard"])))


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    folder = tmp_path_factory.mktemp("wheels")
    archive = next(SdistBuilder(str(CHECKOUT)).build(directory=str(folder)))
    unpacked = folder / "source"
    unpacked.mkdir()
    subprocess.run(["tar", "-xzf", archive, "-C", unpacked], check=True)
    (source,) = unpacked.iterdir()
    return Wheels(
        direct=build_wheel(CHECKOUT, folder / "direct"),
        through_sdist=build_wheel(source, folder / "through_sdist"),
    )


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_made_directly_or_from_the_source_archive_a_wheel_is_the_same(wheels: Wheels) -> None:
    direct, through_sdist = contents(wheels.direct), contents(wheels.through_sdist)
    assert sorted(direct) == sorted(through_sdist)
    assert [name for name in direct if direct[name] != through_sdist[name]] == []


@pytest.mark.parametrize("folder", MOVED)
def test_every_file_of_a_delivered_folder_is_in_the_wheel(wheels: Wheels, folder: str) -> None:
    packed = contents(wheels.direct)
    files = [
        path
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    ]
    assert files, f"{folder} is empty: run `make assets`"
    names = {f"{MOVED[folder]}/{path.relative_to(CHECKOUT / folder).as_posix()}": path for path in files}
    assert sorted(set(names) - set(packed)) == []
    assert [name for name, path in names.items() if packed[name] != path.read_bytes()] == []


def test_nothing_else_is_in_the_wheel(wheels: Wheels) -> None:
    packed = contents(wheels.direct)
    assert {name.split("/")[0].partition("-")[0] for name in packed} == {"portal"}
    unwanted = ("/tests/", "/src/", ".scss", ".pyc", ".sqlite", ".db", ".eml")
    assert [name for name in packed if any(part in name for part in unwanted)] == []


def test_the_portal_runs_from_an_unpacked_wheel(wheels: Wheels, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheels.direct) as archive:
        archive.extractall(tmp_path / "site")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tmp_path / "site"),
        "PORTAL_MODE": "development",
        "INSTANCE": str(tmp_path / "instance"),
        "SECRET_KEY": secrets.token_hex(32),
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run("-c", "from portal import paths as p; print(p.TEMPLATES, p.STATIC, p.MIGRATIONS, sep='\\n')")
    site = tmp_path / "site" / "portal"
    assert [Path(line) for line in where.split()] == [
        site / "templates",
        site / "static",
        site / "migrations",
    ]
    run("-m", "portal.cli", "db", "upgrade")
    run("-m", "portal.cli", "db", "check")
