"""What every sending program does: N workers send M messages, then it tells seconds and CPU."""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass

FIRST_CHAT = 1_000_001

Send = Callable[[int], Awaitable[object]]  # to the chat with this id


@dataclass(frozen=True, slots=True)
class Job:
    """What a program is told, as JSON in its first argument."""

    url: str
    token: str
    messages: int
    in_flight: int
    warm_up: int = 0  # messages sent before the clock starts: connections, imports, caches
    rate: int | None = None  # messages a second, where the program paces; None: all it can


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program prints last. CPU is that of the process, all threads, while sending."""

    seconds: float
    cpu: float
    sent: int
    lost: int


def told() -> Job:
    return Job(**json.loads(sys.argv[1]))


def tell(ran: Ran) -> None:
    sys.stdout.write(json.dumps(asdict(ran)) + "\n")


async def measured(job: Job, send: Send) -> Ran:
    """A message whose sending fails is lost: these programs have no memory."""
    chats = iter(range(FIRST_CHAT, FIRST_CHAT + job.warm_up + job.messages))
    await _sent(job.warm_up, job.in_flight, chats, send)
    began, cpu = time.perf_counter(), time.process_time()
    lost = await _sent(job.messages, job.in_flight, chats, send)
    return Ran(time.perf_counter() - began, time.process_time() - cpu, job.messages - lost, lost)


async def _sent(messages: int, in_flight: int, chats: Iterator[int], send: Send) -> int:
    """How many were lost."""
    turns = iter(range(messages))
    async with asyncio.TaskGroup() as group:
        workers = [group.create_task(_work(turns, chats, send)) for _ in range(in_flight)]
    return sum(worker.result() for worker in workers)


async def _work(turns: Iterator[int], chats: Iterator[int], send: Send) -> int:
    lost = 0
    for _ in turns:
        try:
            await send(next(chats))
        except Exception as fault:  # noqa: BLE001 - each library has errors of its own
            lost += 1
            if lost == 1:
                sys.stderr.write(f"{type(fault).__name__}: {fault}\n"[:500])
    return lost
