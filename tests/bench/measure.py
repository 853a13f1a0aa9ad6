"""Ours against the limit in one run: A B B A, five blocks, the median of the paired ratios."""

from __future__ import annotations

import base64
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache

import psutil

from tests.bench.load import Measured, Task
from tests.support.sources import ROOT

BLOCKS = 5


class Generator:
    """The process that makes the load, started once and waiting between turns."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )

    def measure(self, task: Task) -> Measured:
        """Run one task to its end."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asdict(task)) + "\n")
        self.process.stdin.flush()
        return Measured(**json.loads(self.process.stdout.readline()))


@cache
def generator() -> Generator:
    """The one of this run; it ends when we do, as its input ends."""
    return Generator()


@dataclass
class Side:
    """One of the two that are compared: what to send it, and the processes that do its work."""

    port: int
    requests: Callable[[float], list[bytes]]
    """Requests for a turn of so many seconds; asked before each turn."""
    status: int
    marker: str
    processes: list[psutil.Process]
    repeat: bool = True

    def turn(self, seconds: float) -> tuple[Measured, float]:
        """One turn of load; also the CPU seconds its processes took."""
        task = Task(
            host="127.0.0.1",
            port=self.port,
            requests=[base64.b64encode(request).decode() for request in self.requests(seconds)],
            status=self.status,
            marker=self.marker,
            seconds=seconds,
            repeat=self.repeat,
        )
        before = self.cpu()
        measured = generator().measure(task)
        if measured.wrong:
            raise WrongAnswer(measured.wrong[0])
        return measured, self.cpu() - before

    def cpu(self) -> float:
        """CPU seconds that the processes and their children have taken until now."""
        total = 0.0
        for process in self.processes:
            for one in (process, *process.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):  # the database ends one of its own now and then
                    times = one.cpu_times()
                    total += times.user + times.system
        return total


class WrongAnswer(Exception):
    """An answer was not what it should be: the measurement means nothing."""


@dataclass
class Comparison:
    """What came of one row."""

    ratios: list[float] = field(default_factory=list)
    ours: list[Measured] = field(default_factory=list)
    limit: list[Measured] = field(default_factory=list)
    our_cpu: float = 0.0
    limit_cpu: float = 0.0

    @property
    def ratio(self) -> float:
        """The median of the blocks' ratios."""
        return statistics.median(self.ratios)

    @property
    def our_rate(self) -> float:
        """Median of our turns, answers a second."""
        return statistics.median(turn.rate for turn in self.ours)

    @property
    def limit_rate(self) -> float:
        """Median of the limit's turns, answers a second."""
        return statistics.median(turn.rate for turn in self.limit)

    @property
    def our_count(self) -> int:
        """How many answers of ours were counted."""
        return sum(turn.count for turn in self.ours)

    def cpu_per_thousand(self) -> tuple[float, float]:
        """CPU seconds for a thousand answers: ours, and the limit's."""
        limit_count = sum(turn.count for turn in self.limit)
        return 1000 * self.our_cpu / self.our_count, 1000 * self.limit_cpu / limit_count


def compare(ours: Side, limit: Side, seconds: float, blocks: int = BLOCKS) -> Comparison:
    """Alternate A B B A, so that a machine that grows slower or faster favours nobody."""
    found = Comparison()
    for side in (ours, limit):
        side.turn(seconds / 2)  # warm: templates compiled, connections open
    for _ in range(blocks):
        rates: dict[int, list[float]] = {0: [], 1: []}
        for index in (0, 1, 1, 0):
            side = (ours, limit)[index]
            measured, cpu = side.turn(seconds)
            rates[index].append(measured.rate)
            if index == 0:
                found.ours.append(measured)
                found.our_cpu += cpu
            else:
                found.limit.append(measured)
                found.limit_cpu += cpu
        found.ratios.append(sum(rates[0]) / sum(rates[1]))
    return found


@dataclass
class Growth:
    """The same page at several sizes: seconds an answer took, block by block."""

    seconds: dict[int, list[float]]
    cpu: dict[int, float]
    """CPU seconds for a thousand answers."""

    def ratios(self, small: int) -> list[float]:
        """How much longer it takes at the largest size than at this one, in each block."""
        return [
            large / little
            for large, little in zip(self.seconds[max(self.seconds)], self.seconds[small], strict=True)
        ]

    def cpu_ratio(self, small: int) -> float:
        """The same of processor time."""
        return self.cpu[max(self.cpu)] / self.cpu[small]


def grow(sides: dict[int, Side], seconds: float, blocks: int = 3) -> Growth:
    """Every size in turn, there and back, so that a machine that grows slower or faster favours none."""
    order = sorted(sides)
    taken: dict[int, list[float]] = {size: [] for size in order}
    cpu, count = dict.fromkeys(order, 0.0), dict.fromkeys(order, 0)
    for side in sides.values():
        side.turn(seconds / 2)
    for _ in range(blocks):
        block = dict.fromkeys(order, 0.0)
        for size in (*order, *reversed(order)):
            measured, used = sides[size].turn(seconds)
            block[size] += measured.elapsed / measured.count / 2
            cpu[size] += used
            count[size] += measured.count
        for size in order:
            taken[size].append(block[size])
    return Growth(taken, {size: 1000 * cpu[size] / count[size] for size in order})
