"""What the bot asked and what it was answered: the last five thousand calls."""

from collections import deque
from dataclasses import asdict, dataclass

from sandbox.events import Bell
from sandbox.wire import Json

_KEPT = 5000


@dataclass(slots=True)
class Answered:
    n: int
    method: str
    params: Json
    at: float  # Unix time
    status: int = 0  # 0: no answer (yet)
    description: str = ""
    ms: float = 0


class CallLog:
    def __init__(self) -> None:
        self._calls: deque[Answered] = deque(maxlen=_KEPT)
        self._number = 0
        self.bell = Bell()

    def begin(self, method: str, params: Json, at: float) -> Answered:
        self._number += 1
        call = Answered(self._number, method, params, at)
        self._calls.append(call)
        return call

    def finish(self, call: Answered, status: int, description: str, ms: float) -> None:
        call.status, call.description, call.ms = status, description, round(ms, 2)
        self.bell.ring()

    def since(self, number: int, method: str = "") -> list[Json]:
        """Oldest first."""
        found = []
        for call in reversed(self._calls):
            if call.n <= number:
                break
            if not method or call.method.lower() == method.lower():
                found.append(asdict(call))
        return found[::-1]
