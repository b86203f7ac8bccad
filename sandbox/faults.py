"""Misbehaviour on demand."""

import asyncio
from dataclasses import dataclass
from typing import Literal, get_args

from sandbox.errors import ApiError, too_many_requests
from sandbox.wire import Json

FaultKind = Literal[
    "delay", "error", "429", "hangup_before", "hangup_after", "silence", "silence_after"
]
_LONG = 3600.0
KINDS: tuple[str, ...] = get_args(FaultKind)


class CutError(Exception):
    """The connection is to be cut instead of answered."""


@dataclass(slots=True)
class Fault:
    kind: FaultKind
    method: str = "*"  # in lower case
    chat: int | None = None
    times: int = 1  # 0: until deleted
    after: int = 0  # calls that still pass
    seconds: float = 0
    retry_after: int = 1
    code: int = 500
    description: str = "Internal Server Error"
    parameters: Json | None = None  # migrate_to_chat_id and the like

    def concerns(self, method: str, chat: str) -> bool:
        return self.method in ("*", method) and (self.chat is None or str(self.chat) == chat)

    async def before(self) -> None:
        match self.kind:
            case "delay":
                await asyncio.sleep(self.seconds)
            case "error":
                raise ApiError(self.code, self.description, self.parameters)
            case "429":
                raise too_many_requests(self.retry_after)
            case "hangup_before":
                raise CutError
            case "silence":
                await asyncio.sleep(self.seconds or _LONG)
                raise CutError

    async def after_all(self) -> None:
        """When the call was carried out."""
        if self.kind == "silence_after":
            await asyncio.sleep(self.seconds or _LONG)
        if self.kind in ("silence_after", "hangup_after"):
            raise CutError


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def next(self, method: str, chat: str) -> Fault | None:
        """What happens to this call; one that happened often enough is forgotten."""
        for fault in self._waiting:
            if not fault.concerns(method, chat):
                continue
            if fault.after:
                fault.after -= 1
                continue
            if fault.times == 1:
                self._waiting.remove(fault)
            elif fault.times:
                fault.times -= 1
            return fault
        return None
