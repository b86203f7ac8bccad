"""Programs that tests start, each in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).parent.parent


@contextmanager
def running_sandbox(data: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A sandbox of its own process on a free port: its address, and the process."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--data", str(data), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            assert ready.startswith("sandbox ready on "), ready
            yield ready.removeprefix("sandbox ready on ").strip(), process
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def started_sandbox(data: Path, *arguments: str) -> Iterator[str]:
    """The address alone."""
    with running_sandbox(data, *arguments) as (url, _):
        yield url
