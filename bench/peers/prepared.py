"""Not a peer but the measure of the server: requests prepared as bytes, answers only counted."""

import asyncio
from typing import cast
from urllib.parse import urlencode

from bench.peers.workers import FIRST_CHAT, Job, Ran, measured, tell, told
from bench.wording import message_to

ANSWERED = b"HTTP/1.1 200"


class Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """An answer of a few hundred bytes over loopback comes in one piece."""
        if self._answered is not None and data.startswith(ANSWERED):
            self._answered.set_result(data)

    async def send(self, request: bytes) -> None:
        self._answered = asyncio.get_running_loop().create_future()
        if self._transport is not None:
            self._transport.write(request)
        await self._answered


async def main(job: Job) -> Ran:
    host, port = job.url.removeprefix("http://").split(":")
    loop = asyncio.get_running_loop()
    free = [
        (await loop.create_connection(Connection, host, int(port)))[1] for _ in range(job.in_flight)
    ]
    request = _request(job.token, host)

    async def send(_: int) -> None:
        connection = free.pop()
        await connection.send(request)
        free.append(connection)

    return await measured(job, send)


def _request(token: str, host: str) -> bytes:
    message = {"chat_id": FIRST_CHAT, "text": message_to(FIRST_CHAT), "parse_mode": "HTML"}
    body = urlencode(message).encode()
    head = (
        f"POST /bot{token}/sendMessage HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n"
        "Accept-Encoding: gzip, deflate\r\nUser-Agent: a client of ordinary length/1.0\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


if __name__ == "__main__":
    tell(asyncio.run(main(told())))
