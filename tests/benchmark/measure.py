"""Runs a command and measures it: time, CPU and memory of all its processes."""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Measure:
    """What a process cost, and what it printed."""

    succeeded: bool
    wall: float
    cpu: float
    peak_mb: float
    output: str


# A process inherits the peak of the one that starts it: a small one does.
STARTER = """
import json, os, sys, time
begin = time.monotonic()
process = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(process, 0)
with open(sys.argv[1], "w") as file:
    json.dump(
        {
            "succeeded": status == 0,
            "wall": time.monotonic() - begin,
            "cpu": usage.ru_utime + usage.ru_stime,
            # Linux counts in kilobytes, macOS in bytes.
            "peak_mb": usage.ru_maxrss
            / 2 ** (20 if sys.platform == "darwin" else 10),
        },
        file,
    )
"""
SAMPLE_SECONDS = 0.25


def measure(
    command: list[str], log: Path, seconds: float, **environment: str
) -> Measure:
    """Run a command to its end, or end it with its children after `seconds`.

    A process that nobody waits for, as those of Spark's tasks, does not count
    for the one that started it. So all processes are sampled besides.
    """
    usage = log.with_suffix(".json")
    usage.unlink(missing_ok=True)
    sampled: dict[str, float] = {}
    peak_mb = 0.0
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", STARTER, str(usage), *command],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | environment,
            start_new_session=True,
        )
        end = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < end:
            cpu, resident_mb = session(process.pid)
            sampled |= cpu
            peak_mb = max(peak_mb, resident_mb)
            time.sleep(SAMPLE_SECONDS)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if usage.exists():
        measured = json.loads(usage.read_text(encoding="utf-8"))
        measured["cpu"] = max(measured["cpu"], sum(sampled.values()))
        measured["peak_mb"] = max(measured["peak_mb"], peak_mb)
    else:
        measured = {
            "succeeded": False, "wall": seconds, "cpu": math.nan,
            "peak_mb": math.nan,
        }  # fmt: skip
    return Measure(**measured, output=log.read_text(encoding="utf-8"))


def session(leader: int) -> tuple[dict[str, float], float]:
    """Return the CPU seconds of each process of a session, and their memory.

    Linux only. The memory is in megabytes, that of all processes together.
    """
    seconds = {}
    resident = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name of the program, in brackets, may have blanks.
            fields = file.read_text("utf-8").rpartition(")")[2].split()
            if int(fields[3]) == leader:
                ticks = int(fields[11]) + int(fields[12])
                process = f"{file.parent.name} since {fields[19]}"
                seconds[process] = ticks / os.sysconf("SC_CLK_TCK")
                resident += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return seconds, resident / 2**20
