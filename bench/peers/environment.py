"""A Python of the peers' own, made once, in the user's cache: their needs do not bind ours."""

import hashlib
import os
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

PEERS = (
    "aiogram>=3.31,<3.32",
    f"python-telegram-bot[rate-limiter]=={version('python-telegram-bot')}",
)
PATIENCE = 600  # seconds: the packages may come from far away


def cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "brueckenbot-bench"


def python() -> Path:
    """The peers' interpreter; the first call installs them. Raises CalledProcessError."""
    wanted = hashlib.sha256("\n".join((sys.version, *PEERS)).encode()).hexdigest()[:12]
    folder = cache() / f"peers-{wanted}"
    found = folder / "bin" / "python"
    done = folder / "complete"
    if not done.exists():
        sys.stderr.write(f"Installing {', '.join(PEERS)} into {folder} (once) …\n")
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(  # noqa: S603 - nothing of it comes from outside
            [found, "-m", "pip", "install", "--quiet", *PEERS], check=True, timeout=PATIENCE
        )
        done.touch()
    return found
