"""What a run leaves for others to see: nothing it writes, and no image of its memory."""

import gc
import os
import subprocess
import sys
from pathlib import Path

from pipeline.process import peak_memory_mb, settled
from tests.helpers import guard

CODE = """
import os, resource, sys
os.umask(0o022)
from pipeline.process import harden
harden()
open(sys.argv[1], "w").close()
print(oct(os.stat(sys.argv[1]).st_mode & 0o777), resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_a_hardened_process_writes_for_its_owner_alone_and_leaves_no_core(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(guard.ROOT)}
    done = subprocess.run([sys.executable, "-c", CODE, str(tmp_path / "file")], env=env, capture_output=True, text=True)
    assert done.stdout.split(maxsplit=1) == ["0o600", "(0, 0)\n"], done.stderr


def test_memory_is_in_megabytes_and_of_this_process_alone() -> None:
    taken = bytearray(b"x") * (300 << 20)
    assert len(taken) >> 20 <= peak_memory_mb() < 100_000
    code = "from pipeline.process import peak_memory_mb; print(peak_memory_mb())"
    env = {**os.environ, "PYTHONPATH": str(guard.ROOT)}
    child = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert 5 < int(child.stdout) < 100, "not what the process had that started it"


def test_what_was_there_is_left_alone_by_the_garbage_collector_only_for_a_while() -> None:
    with settled():
        assert gc.get_freeze_count() > 10_000
    assert gc.get_freeze_count() == 0
