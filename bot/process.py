"""Which process this is, and whether another on this machine still lives."""

import os
import socket
from pathlib import Path

from bot.core.ids import new_reference


def identity() -> str:
    """machine|pid|nonce: unlike any other process that ever was."""
    return f"{_machine()}|{os.getpid()}|{new_reference(8)}"


def told(owner: str) -> str:
    """For people: which machine, which process."""
    machine, _, rest = owner.partition("|")
    return f"{machine.partition('/')[0]}, process {rest.partition('|')[0]}"


def is_gone(owner: str) -> bool:
    """Only for a process of this very machine (and container) can we know."""
    machine, _, rest = owner.partition("|")
    pid = rest.partition("|")[0]
    if machine != _machine() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return True  # our number, but not us: whoever had it before is gone
    return not Path(f"/proc/{pid}").exists() if Path("/proc/self").exists() else _no_signal(pid)


def _machine() -> str:
    """The host and, in a container, its own process numbers."""
    namespace = Path("/proc/self/ns/pid")
    inside = str(namespace.readlink()) if namespace.exists() else ""
    boot = Path("/proc/sys/kernel/random/boot_id")
    started = boot.read_text().strip() if boot.exists() else ""
    return f"{socket.gethostname()}/{started}/{inside}"


def _no_signal(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
