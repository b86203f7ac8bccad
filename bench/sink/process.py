"""The sink as a process of its own: starts it, gives it rules, reads its log."""

import asyncio
import json
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

from bench.sink.rules import Rules

ENDS_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Call:
    at: float  # monotonic, the same for all processes of a machine
    chat: int
    method: str  # in small letters
    wait: int  # seconds, as a 429 told; 0: accepted
    said: int = 0  # the number its text begins with, where people wrote numbers


@dataclass(frozen=True, slots=True)
class Log:
    calls: Sequence[Call]  # in the order in which they counted
    taps: Sequence[tuple[float, int]]  # updates: made at (monotonic), in this chat

    def accepted(self) -> Iterator[Call]:
        """Messages, sent or edited; what is only answered or fetched is no message."""
        return (call for call in self.calls if call.chat and not call.wait)

    def refused(self) -> Iterator[Call]:
        return (call for call in self.calls if call.wait)


@dataclass(frozen=True, slots=True)
class Count:
    messages: int  # accepted
    polls: int


class Sink:
    def __init__(self, url: str) -> None:
        self.url = url

    async def rule(self, token: str, rules: Rules) -> None:
        """Begins anew for this token: limits and log are empty."""
        await asyncio.to_thread(self._control, token, json.dumps(asdict(rules)).encode())

    async def log(self, token: str) -> Log:
        told = json.loads(await asyncio.to_thread(self._control, token, None))
        return Log(
            [Call(*entry) for entry in told["messages"]], [(at, chat) for at, chat in told["taps"]]
        )

    async def count(self, token: str) -> Count:
        told = await asyncio.to_thread(self._control, f"{token}/count", None)
        return Count(*map(int, told.split()))

    def _control(self, token: str, body: bytes | None) -> bytes:
        # Loopback only: neither proxies nor other schemes come into it.
        asked = urllib.request.Request(f"{self.url}/control/{token}", data=body)  # noqa: S310
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(asked, timeout=30) as answer:
            told: bytes = answer.read()
        return told


@asynccontextmanager
async def running() -> AsyncIterator[Sink]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.sink",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the pipes were asked for")
    try:
        port = int(await process.stdout.readline())
        yield Sink(f"http://127.0.0.1:{port}")
    finally:
        process.stdin.close()
        async with asyncio.timeout(ENDS_WITHIN):
            await process.wait()
