"""This process as the operating system sees it."""

import gc
import os
import resource
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_STATUS = Path("/proc/self/status")


def harden() -> None:
    """Files for this user only, and no memory image on disk if the process crashes."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def peak_memory_mb() -> int:
    """Peak resident memory of this process alone so far, in megabytes."""
    try:  # where there is /proc, getrusage would begin with the peak of the process that started this one
        (line,) = [line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    except (OSError, ValueError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
    return round(int(line.split()[1]) / 1024)


def usable_cores() -> int:
    """Cores that this process may use, which on a shared machine are fewer than it has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def settled() -> Generator[None]:
    """What is there already is not looked through for garbage meanwhile, which with models loaded takes .3 s a time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
