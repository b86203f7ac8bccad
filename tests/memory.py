"""A folder in memory for databases that live as long as a test; a disk syncs too carefully."""

import os
import shutil
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - what is made in it has names nobody can guess
ROOM = 2**30  # bytes; containers often get no more than 64 MB


def folder_in_memory() -> Path | None:
    """None where there is none with room, that is: use the disk."""
    if not os.access(SHARED_MEMORY, os.W_OK | os.X_OK):
        return None
    return SHARED_MEMORY if shutil.disk_usage(SHARED_MEMORY).free > ROOM else None
