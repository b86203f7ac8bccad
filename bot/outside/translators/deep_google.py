"""Google's mobile page through deep_translator, made safe to be called from a bot."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.core.segments import join, split
from bot.core.translation_engine import (
    EngineConfig,
    EngineFailed,
    FailureKind,
    provider_trouble,
)
from bot.outside.translators.timed_requests import TimedRequests
from bot.outside.translators.worker_threads import WorkerThreads

IMPORT_SECONDS = 60.0  # the library alone takes longer than a short time-out

_REQUESTS = TimedRequests()
_OWN_CODES = {"he": "iw", "nb": "no", "nn": "no", "zh": "zh-CN"}


@dataclass(frozen=True, slots=True)
class _Call:
    source: str
    target: str
    url: str | None
    seconds: float


class DeepGoogle:
    """One call a line, each with its own GoogleTranslator: that keeps the text in itself."""

    def __init__(
        self,
        config: EngineConfig,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.name = config.name
        self._config = config
        self._pace = _Pace(config.per_second, clock, sleep)
        self._threads = WorkerThreads(f"translator-{config.name}")
        self._loaded = self._closed = False

    async def translate(self, segments: Sequence[str], *, source: str, target: str) -> list[str]:
        if _code(source) == _code(target):
            raise EngineFailed(FailureKind.UNSUPPORTED_PAIR)
        if not self._loaded:
            await self._threads.run(_library, seconds=IMPORT_SECONDS)
            self._loaded = True
        config = self._config
        call = _Call(_code(source), _code(target), config.url, config.timeout_seconds)
        return [await self._translate(segment, call) for segment in segments]

    async def close(self) -> None:
        """No further call begins; one under way ends by its own time-out."""
        self._closed = True

    async def _translate(self, text: str, call: _Call) -> str:
        return join(
            [
                replace(piece, text=await self._ask(piece.text, call))
                if piece.translatable
                else piece
                for piece in split(text, max_chars=self._config.max_chars)
            ]
        )

    async def _ask(self, text: str, call: _Call) -> str:
        await self._pace.turn()
        if self._closed:
            raise EngineFailed(FailureKind.UNREACHABLE)
        outcome = await self._threads.run(partial(_outcome, text, call), seconds=call.seconds)
        if isinstance(outcome, EngineFailed):
            raise outcome
        return outcome


class _Pace:
    """At most so many calls a second, evenly; callers come in their order."""

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._gap = 1 / per_second
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    async def turn(self) -> None:
        now = self._clock()
        mine = max(now, self._next)
        self._next = mine + self._gap
        if mine > now:
            await self._sleep(mine - now)


def _code(language: str) -> str:
    """Google's code of an ISO 639-1 language."""
    iso = language.replace("_", "-").split("-")[0].lower()
    return _OWN_CODES.get(iso, iso)


def _library() -> Any:
    import deep_translator.google

    deep_translator.google.requests = _REQUESTS
    return deep_translator


def _outcome(text: str, call: _Call) -> str | EngineFailed:
    """A value, not an exception: the library's exceptions hold the text and the address."""
    ends = time.monotonic() + call.seconds
    try:
        translated = _translated(text, call)
    except Exception as error:  # noqa: BLE001 - deep_translator's have no common ancestor
        late = time.monotonic() >= ends
        return EngineFailed(FailureKind.TIMEOUT) if late else _failure(error)
    trouble = provider_trouble(text, translated or "")
    if trouble == "quota text":
        return EngineFailed(FailureKind.QUOTA)
    if trouble:
        return EngineFailed(FailureKind.UNREACHABLE)
    return translated or EngineFailed(FailureKind.BAD_OUTPUT)


def _translated(text: str, call: _Call) -> str | None:
    _REQUESTS.allow(call.seconds)
    translator = _library().GoogleTranslator(source=call.source, target=call.target)
    if call.url:
        translator._base_url = call.url  # noqa: SLF001 - there is no other way
    translated: str | None = translator.translate(text)
    return " ".join(translated.split("\n")) if translated else None


def _failure(error: Exception) -> EngineFailed:
    from deep_translator.exceptions import (
        InvalidSourceOrTargetLanguage,
        LanguageNotSupportedException,
    )
    from requests import RequestException, Timeout
    from urllib3.exceptions import HTTPError

    match error:
        case EngineFailed():
            return EngineFailed(error.kind, retry_after=error.retry_after)
        case Timeout():
            return EngineFailed(FailureKind.TIMEOUT)
        case RequestException() | HTTPError():
            return EngineFailed(FailureKind.UNREACHABLE)
        case InvalidSourceOrTargetLanguage() | LanguageNotSupportedException():
            return EngineFailed(FailureKind.UNSUPPORTED_PAIR)
    return EngineFailed(FailureKind.BAD_OUTPUT)
