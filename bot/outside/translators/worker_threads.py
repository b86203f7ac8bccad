"""A few threads for blocking calls that may hang: bounded, and never in the way of leaving."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from itertools import count
from threading import Thread
from typing import TypeVar

from bot.core.translation_engine import EngineFailed, FailureKind

T = TypeVar("T")


class WorkerThreads:
    """Not a ThreadPoolExecutor: the interpreter waits for its threads at exit, hung ones too.

    A thread that its caller has given up keeps its place until it really ends.
    """

    def __init__(self, name: str, *, threads: int = 4) -> None:
        self._name = name
        self._places = asyncio.Semaphore(threads)
        self._numbers = count(1)

    async def run(self, call: Callable[[], T], *, seconds: float) -> T:
        """Waits `seconds` for a free thread, then as long for the answer. Raises EngineFailed."""
        await _within(seconds, self._places.acquire())
        return await _within(seconds, asyncio.wrap_future(self._start(call)))

    def _start(self, call: Callable[[], T]) -> Future[T]:
        loop = asyncio.get_running_loop()
        answer: Future[T] = Future()
        answer.set_running_or_notify_cancel()  # a caller who leaves must not free the place

        def work() -> None:
            try:
                answer.set_result(call())
            except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
                answer.set_exception(error)
            finally:
                with contextlib.suppress(RuntimeError):  # the loop may have closed meanwhile
                    loop.call_soon_threadsafe(self._places.release)

        Thread(target=work, name=f"{self._name}-{next(self._numbers)}", daemon=True).start()
        return answer


async def _within(seconds: float, awaited: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await awaited
    except TimeoutError:
        raise EngineFailed(FailureKind.TIMEOUT) from None
