"""Runs commands as a person would, and notes every attempt of any Python process to reach beyond this machine."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
QUOTEBANK = [sys.executable, "-m", "pipeline.cli"]

_HOOK = """
import ipaddress, os, sys
def _outside(host):
    host = host.decode() if isinstance(host, bytes) else str(host)
    if host in ("", "localhost", "0.0.0.0", "::", os.uname().nodename):
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True
def _hook(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple) or event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[1][0] if event == "socket.connect" else args[0]
        if host is not None and _outside(host):
            with open(os.environ["CONNECTIONS_LOG"], "a") as log:
                log.write(f"{event} {host}\\n")
sys.addaudithook(_hook)
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended, and which addresses outside this machine anything in it tried to reach."""

    code: int
    out: str
    err: str
    connections: list[str]


def run(
    *arguments: str, home: Path, cwd: Path | None = None, env: dict[str, str] | None = None, timeout: float = 600
) -> Ran:
    """Runs `quotebank ARGUMENTS` with an empty home folder and a guard in every Python process it starts."""
    return run_command([*QUOTEBANK, *arguments], home=home, cwd=cwd, env=env, timeout=timeout)


def run_command(
    command: list[str], *, home: Path, cwd: Path | None = None, env: dict[str, str] | None = None, timeout: float = 600
) -> Ran:
    hook = home / "guard"
    hook.mkdir(parents=True, exist_ok=True)
    (hook / "sitecustomize.py").write_text(_HOOK)
    log = hook / "connections.log"
    log.write_text("")
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("PREFECT_", "HF_", "TRANSFORMERS_", "DO_NOT_TRACK", "TLDEXTRACT"))
    }
    settings = {
        "HOME": str(home),
        "PYTHONPATH": f"{hook}{os.pathsep}{ROOT}",
        "CONNECTIONS_LOG": str(log),
        "COLUMNS": "160",
    }
    done = subprocess.run(
        command,
        cwd=cwd or home,
        env={**kept, **settings, **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    return Ran(done.returncode, done.stdout, done.stderr, log.read_text().splitlines())
