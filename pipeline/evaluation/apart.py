"""A system measured in a process of its own: what another loaded, compiled or cached helps or hinders it in nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pipeline.process import peak_memory_mb

Result = TypeVar("Result")
_STATUS = Path("/proc/self/status")


def run_apart(function: Callable[..., Result], *arguments: Any) -> Result:
    """What `function(*arguments)` returns in a new process. What it raises there is raised here."""
    from joblib.externals.loky import ProcessPoolExecutor

    with ProcessPoolExecutor(max_workers=1) as process:
        return process.submit(function, *arguments).result()


def peak_memory() -> int:
    """Peak resident memory of this process alone, in megabytes.

    `getrusage` would not do: on Linux a new process begins with the peak of the one that started it.
    """
    try:
        (line,) = [line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    except (OSError, ValueError):
        return peak_memory_mb()
    return round(int(line.split()[1]) / 1024)
