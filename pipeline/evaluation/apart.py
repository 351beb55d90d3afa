"""A system measured in a process of its own: what another loaded, compiled or cached helps or hinders it in nothing."""

from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_apart(function: Callable[..., Result], *arguments: Any) -> Result:
    """What `function(*arguments)` returns in a new process. What it raises there is raised here."""
    from joblib.externals.loky import ProcessPoolExecutor

    with ProcessPoolExecutor(max_workers=1) as process:
        return process.submit(function, *arguments).result()
