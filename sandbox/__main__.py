"""python -m sandbox: runs the sandbox until it is told to stop."""

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from sandbox.connection import Connection
from sandbox.server import Sandbox

_KEEP_ALIVE_SECONDS = 75


class Server(uvicorn.Server):
    """Says when it listens, and ends cleanly on a signal."""

    def __init__(self, sandbox: Sandbox, *, until_stdin_closes: bool = False) -> None:
        config = uvicorn.Config(
            sandbox,
            http=Connection,
            ws="none",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=0,
        )
        super().__init__(config)
        self._sandbox = sandbox
        self._until_stdin_closes = until_stdin_closes

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._until_stdin_closes:
            asyncio.get_running_loop().add_reader(sys.stdin.fileno(), self._stop_at_end)
        for listener in sockets or []:
            host, port = listener.getsockname()[:2]
            sys.stdout.write(f"sandbox ready on http://{host}:{port}\n")
            sys.stdout.flush()

    def _stop_at_end(self) -> None:
        if not os.read(sys.stdin.fileno(), 1024):
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
            self._stop()

    def _stop(self) -> None:
        """Whoever still waits for an answer is cut off, which is no error worth a line."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._sandbox.end_polls()
        self.should_exit = True


def _arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090, help="0: any free port")
    parser.add_argument("--data", type=Path, default=Path("data/sandbox-telegram.db"))
    parser.add_argument("--publish-every", type=float, default=0, metavar="SECONDS")
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="end with the process that holds the other end of standard input",
    )
    return parser.parse_args(given)


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches off Nagle only where the protocol is named
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    return listener


def main() -> None:
    given = _arguments()
    given.data.parent.mkdir(parents=True, exist_ok=True)
    listener = _listener(given.host, given.port)
    sandbox = Sandbox(given.data, given.publish_every)
    Server(sandbox, until_stdin_closes=given.until_stdin_closes).run(sockets=[listener])


if __name__ == "__main__":
    main()
