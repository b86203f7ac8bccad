"""Translation engines, one file each, and how the configured ones are put together."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from bot.core.translation_engine import EngineConfig
from bot.outside.translators.deep_google import DeepGoogle
from bot.outside.translators.guarded import Guarded


def build(
    engines: Sequence[EngineConfig],
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> tuple[Guarded, ...]:
    """In the order in which they are to be asked; kind "none" is no engine."""
    return tuple(
        Guarded(DeepGoogle(config, clock=clock, sleep=sleep), clock=clock, sleep=sleep)
        for config in engines
        if config.kind == "deep_google"
    )
