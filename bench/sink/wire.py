"""HTTP/1.1 by hand: keep-alive, pipelining, bodies with a length. Nothing else is understood."""

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

REASONS = {
    200: b"OK",
    400: b"Bad Request",
    404: b"Not Found",
    429: b"Too Many Requests",
    501: b"Not Implemented",
}
LENGTH = b"content-length:"

Reply = Callable[[bytes], None]


class Answering(Protocol):
    def __call__(self, path: bytes, body: bytes, reply: Reply) -> None:
        """Calls `reply` once, now or later, with a whole response."""
        ...


class Wire(asyncio.Protocol):
    """One connection. Its client waits for an answer before it asks again, or all answers take
    equally long: they go out in the order in which they are ready.
    """

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self._rest = b""
        self._ready: list[bytes] | None = None  # a list while a chunk is read
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Answers to one chunk leave together: a pipelining client costs one system call."""
        data = self._rest + data if self._rest else data
        self._ready = []
        start = 0
        while (end := data.find(b"\r\n\r\n", start)) >= 0:
            head = data[start:end]
            after = end + 4 + _length(head)
            if after > len(data):
                break
            self._answer(head.split(b" ", 2)[1], data[end + 4 : after], self._reply)
            start = after
        self._rest = data[start:]
        ready, self._ready = self._ready, None
        if ready:
            self._reply(b"".join(ready))

    def _reply(self, response: bytes) -> None:
        if self._ready is not None:
            self._ready.append(response)
        elif self._transport is not None:
            self._transport.write(response)


def framed(body: bytes, status: int = 200, headers: bytes = b"") -> bytes:
    return (
        b"HTTP/1.1 %d %b\r\nServer: nginx/1.18.0\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\nConnection: keep-alive\r\n%b\r\n%b"
        % (status, REASONS[status], len(body), headers, body)
    )


def _length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(LENGTH)
    if at < 0:
        return 0
    return int(lowered[at + len(LENGTH) :].split(b"\r\n", 1)[0])
