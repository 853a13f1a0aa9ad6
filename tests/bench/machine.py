"""Which machine a measurement was made on, without naming it."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import psutil
import sqlalchemy


def describe_machine(postgres: str) -> str:
    """Processor, cores, memory, system and the versions that matter."""
    memory = round(psutil.virtual_memory().total / 1024**3)
    versions = (
        f"Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}, PostgreSQL {postgres}"
    )
    return f"{os.cpu_count()} cores ({processor()}), {memory} GB, {system()}; {versions}"


def processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def system() -> str:
    """The operating system."""
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return platform.system()
    names = [line.partition("=")[2].strip('"') for line in lines if line.startswith("PRETTY_NAME=")]
    return names[0] if names else platform.system()
