"""A throw-away PostgreSQL: its own cluster from the installed programs, or TEST_POSTGRES_URL.

Every test gets a database of its own, copied from one that has been migrated once.
"""

import asyncio
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypedDict

import asyncpg

from storage import schema
from tests.memory import folder_in_memory

USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
DEBIAN = Path("/usr/lib/postgresql")
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
FRUGAL = {"max_connections": "200", "shared_buffers": "32MB", "listen_addresses": "127.0.0.1"}


class NoPostgres(Exception):  # noqa: N818 - it says what is missing
    """There is neither TEST_POSTGRES_URL nor a PostgreSQL on this machine."""


class Server:
    """Makes and drops databases; used between tests, when no event loop is running."""

    def __init__(self, url: str) -> None:
        plain = url.replace("+asyncpg", "").rstrip("/")
        self._base = plain.rpartition("/")[0]
        self._template = f"brueckenbot_{secrets.token_hex(4)}"
        self._count = 0
        # Its own loop, so that the one pytest-asyncio has set is left alone.
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._connection = self._runner.run(asyncpg.connect(plain))
        self._execute(f"CREATE DATABASE {self._template}")
        self._runner.run(schema.migrate(self.url_of(self._template)))

    def url_of(self, name: str) -> str:
        return f"{self._base}/{name}"

    def create(self, *, empty: bool = False) -> str:
        """A new database's name; migrated unless `empty`."""
        self._count += 1
        name = f"{self._template}_{self._count}"
        template = "template0" if empty else self._template
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        self.drop(self._template)
        self._runner.run(self._connection.close())
        self._runner.close()

    def _execute(self, statement: str) -> None:
        self._runner.run(self._connection.execute(statement))


@contextmanager
def running_server() -> Iterator[Server]:
    """Raises NoPostgres."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        with closing(Server(given)) as server:
            yield server
        return
    with _cluster(_programs()) as url, closing(Server(url)) as server:
        yield server


def _programs() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(DEBIAN.glob("*/bin"), key=lambda folder: -float(folder.parent.name))
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoPostgres("neither TEST_POSTGRES_URL nor initdb and pg_ctl are there")


@contextmanager
def _cluster(programs: Path) -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="bb-pg-", dir=folder_in_memory()))
    identity = _identity()
    if identity:
        os.chown(home, identity["user"], identity["group"])

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, "-D", home / "data", *arguments],
            check=True,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=60,
            **identity,
        )

    try:
        run("initdb", "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        port = _free_port()
        options = FAST | FRUGAL | {"port": str(port), "unix_socket_directories": str(home)}
        told = " ".join(f"-c {name}={value}" for name, value in options.items())
        with _guarded(programs, home, identity):
            run("pg_ctl", "start", "-w", "-l", str(home / "log"), "-o", told)
            yield f"postgresql://tests@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _guarded(programs: Path, home: Path, identity: "_Identity") -> Iterator[None]:
    """Stops the cluster even where we are killed: the guard's input ends with us."""
    stop = 'read -r _; "$0" stop -w -m immediate -s -D "$1/data"; rm -rf "$1"'
    with subprocess.Popen(
        ["/bin/sh", "-c", stop, programs / "pg_ctl", home],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
        start_new_session=True,
        **identity,
    ) as guard:
        yield
        assert guard.stdin is not None
        guard.stdin.close()
        guard.wait(30)


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _identity() -> _Identity:
    """Whom to run as: somebody else when we are root."""
    if os.geteuid() != 0:
        return {}
    for name in USERS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise NoPostgres("we are root and there is no user to run PostgreSQL as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
