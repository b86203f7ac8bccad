"""A translation engine on loopback: plays the page that deep_translator reads, and its failures."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.articles import Article, one_line
from sandbox.newsstand import Newsstand
from sandbox.store import Store

LONGEST = 5000
PAGE = (
    '<!DOCTYPE html><html lang="{target}"><head><meta charset="UTF-8"><title>Translate</title>'
    '</head><body><div class="root-container"><div class="header"><div class="logo-text">'
    'Translate</div></div><form action="/engine/m"><input name="q" aria-label="Text"></form>'
    '{result}<div class="links-container"><ul><li><a href="/">Home</a></li></ul></div></div>'
    "</body></html>"
)


class Mode(StrEnum):
    """What the engine does with the next questions."""

    OK = "ok"
    ERROR_AS_ANSWER = "500_as_200"
    QUOTA = "quota_text"
    TOO_MANY = "429"
    AWAY = "503"
    HANG = "hang"
    GARBAGE = "garbage"
    BREAKS = "br"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`times` None: until told otherwise."""

    mode: Mode = Mode.OK
    seconds: float = 60
    times: int | None = None


class Engine:
    def __init__(self, stand: Newsstand, clock: Callable[[], float] = time.time) -> None:
        self._stand = stand
        self._clock = clock
        self._taught: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.behaviour = Behaviour()

    def teach(self, source: str, target: str, pairs: dict[str, str]) -> None:
        self._taught[source, target] |= {one_line(left): right for left, right in pairs.items()}

    def mode(self) -> Mode:
        """Counts down `times`."""
        now = self.behaviour
        if now.times is not None:
            left = now.times - 1
            self.behaviour = replace(now, times=left) if left > 0 else Behaviour()
        return now.mode

    def answer(self, text: str, source: str, target: str) -> list[str] | None:
        """Line by line; None when one of them is unknown. Raises NotYetError."""
        known = self._known(source, target)
        lines = [one_line(line) for line in text.splitlines()]
        late = self._late(target)
        if any(line in late for line in lines):
            raise NotYetError
        if not any(lines) or not all(line in known for line in lines if line):
            return None
        return [known[line] if line else "" for line in lines]

    def _known(self, source: str, target: str) -> dict[str, str]:
        known: dict[str, str] = {}
        for each in self._stand.articles():
            if source in ("auto", each.language):
                known |= each.pairs(target)
        for (left, right), pairs in self._taught.items():
            if right == target and source in ("auto", left):
                known |= pairs
        return known

    def _late(self, target: str) -> set[str]:
        on_site = {item.article.slug: item.published_at for item in self._stand.published()}
        now = self._clock()

        def too_early(each: Article) -> bool:
            since = on_site.get(each.slug)
            return since is None or now < since.timestamp() + each.late_seconds

        return {
            line
            for each in self._stand.articles()
            if each.late_seconds and too_early(each)
            for line in each.pairs(target)
        }


class NotYetError(Exception):
    """The article is too new for the engine."""


def routes(store: Store) -> list[Route]:
    desk = _Desk(Engine(Newsstand(store)))
    return [
        Route("/engine/m", desk.translate),
        Route("/control/engine", desk.look, methods=["GET"]),
        Route("/control/engine", desk.steer, methods=["POST"]),
        Route("/control/engine/add", desk.teach, methods=["POST"]),
    ]


class _Desk:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def translate(self, request: Request) -> Response:
        asked = request.query_params
        text = asked.get("q", "")
        seconds = self._engine.behaviour.seconds
        mode = self._engine.mode()
        if mode is Mode.HANG:
            await asyncio.sleep(seconds)
        if refusal := _refusal(mode, text, seconds):
            return refusal
        target = asked.get("tl", "")
        try:
            lines = self._engine.answer(text, asked.get("sl", "auto"), target)
        except NotYetError:
            return Response("Service Unavailable", 503, media_type="text/plain")
        return Response(_page(_spoilt(mode, lines), target), media_type="text/html")

    async def look(self, _request: Request) -> Response:
        now = self._engine.behaviour
        return JSONResponse({"mode": now.mode, "seconds": now.seconds, "times": now.times})

    async def steer(self, request: Request) -> Response:
        values = await request.json()
        try:
            self._engine.behaviour = Behaviour(
                Mode(values["mode"]), float(values.get("seconds", 60)), values.get("times")
            )
        except (KeyError, ValueError):
            modes = ", ".join(Mode)
            return JSONResponse({"error": f"The mode must be one of {modes}."}, 400)
        return await self.look(request)

    async def teach(self, request: Request) -> Response:
        values = await request.json()
        try:
            self._engine.teach(
                values["source_language"], values["target_language"], values["pairs"]
            )
        except (KeyError, AttributeError):
            needed = "source_language, target_language and pairs are needed."
            return JSONResponse({"error": needed}, 400)
        return JSONResponse({})


def _refusal(mode: Mode, text: str, seconds: float) -> Response | None:
    if mode is Mode.TOO_MANY:
        headers = {"Retry-After": str(round(seconds))}
        return Response("Too Many Requests", 429, headers, media_type="text/plain")
    if mode in (Mode.AWAY, Mode.HANG):
        return Response("Service Unavailable", 503, media_type="text/plain")
    if len(text) > LONGEST:
        return Response("Payload Too Large", 413, media_type="text/plain")
    return None


def _spoilt(mode: Mode, lines: list[str] | None) -> str | None:
    """HTML of the answer, as the mode will have it."""
    match mode:
        case Mode.ERROR_AS_ANSWER:
            return "Error 500 (Server Error)!!1500.That’s an error.Please try again later."
        case Mode.QUOTA:
            return "MYMEMORY WARNING: YOU USED ALL AVAILABLE FREE TRANSLATIONS FOR TODAY."
        case Mode.GARBAGE:
            return escape(" ".join(lines or ["ü"]).encode().decode("latin-1") + " 4711")
    if lines is None:
        return None
    if mode is Mode.BREAKS:
        return "<br>".join(escape(line).replace(". ", ".<br>") for line in lines)
    return "\n".join(escape(line, quote=False) for line in lines)


def _page(result: str | None, target: str) -> str:
    box = "" if result is None else f'<div class="result-container">{result}</div>'
    return PAGE.format(target=escape(target), result=box)
