"""Runs periodic jobs: APScheduler wakes us, the tables decide what is due."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import SystemClock
from bot.core.ids import new_reference

log = structlog.get_logger()

DRAIN_SECONDS = 8.0  # a supervisor kills after 10


@dataclass(frozen=True, slots=True)
class Job:
    """`work` returns how much it did and is called again at once while that is not nothing."""

    name: str
    every_seconds: float
    work: Callable[[], Awaitable[int]]


class Runner:
    """Runs each job alone: never twice at the same time, missed times are made up once."""

    def __init__(self, jobs: list[Job]) -> None:
        self._jobs = jobs
        self._busy: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; then what has begun is finished, nothing new begins."""
        scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        at_once = SystemClock().now()  # the sweep that catches up after a time of standing still
        for job in self._jobs:
            scheduler.add_job(
                self._run, "interval", [job], seconds=job.every_seconds, next_run_time=at_once
            )
        scheduler.start()
        try:
            await stop.wait()
            self._stopping = True
            await self._drain()
        finally:
            scheduler.shutdown(wait=False)

    async def _run(self, job: Job) -> None:
        if self._stopping:
            return
        self._busy.add(job.name)
        self._idle.clear()
        try:
            while await job.work() and not self._stopping:
                pass
        except Exception as error:  # the next turn may go better; a job must not end for good
            log.exception(
                "a job failed",
                job=job.name,
                error_id=new_reference(),
                error=type(error).__name__,
            )
        finally:
            self._busy.discard(job.name)
            if not self._busy:
                self._idle.set()

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._idle.wait()
        except TimeoutError:
            log.warning("stopped with work unfinished", jobs=sorted(self._busy))
