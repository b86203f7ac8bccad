"""Taps on buttons that wait for their answer: once, and within 150 seconds."""

import secrets
import time
from dataclasses import dataclass, field

from sandbox.errors import bad_request
from sandbox.events import Bell
from sandbox.store import Store
from sandbox.wire import Json

_SECONDS = 150
_REMEMBERED = 5000
_TOO_OLD = "Query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Callback:
    id: str
    chat_id: int
    asked: float  # Unix time
    answer: Json | None = None
    after_ms: int = 0
    bell: Bell = field(default_factory=Bell)


class Callbacks:
    def __init__(self, bot_id: int, store: Store) -> None:
        self._bot_id = bot_id
        self._store = store
        self._known: dict[str, Callback] = {}

    def ask(self, chat_id: int, age: float) -> Callback:
        callback = Callback(str(secrets.randbits(60) + 2**60), chat_id, time.time() - age)
        kept = {"id": callback.id, "chat_id": chat_id, "asked": callback.asked}
        self._store.put("callback", f"{self._bot_id}:{callback.id}", kept)
        self.restore(kept)
        return callback

    def restore(self, kept: Json) -> None:
        self._known[kept["id"]] = Callback(**kept)
        if len(self._known) > _REMEMBERED:
            self._forget(next(iter(self._known)))

    def find(self, callback_id: str) -> Callback | None:
        return self._known.get(callback_id)

    def answer(self, callback_id: str, answer: Json) -> Callback:
        callback = self._known.get(callback_id)
        now = time.time()
        if callback is None or callback.answer is not None or now - callback.asked > _SECONDS:
            raise bad_request(_TOO_OLD)
        callback.answer = answer
        callback.after_ms = round((now - callback.asked) * 1000)
        self._store.drop("callback", f"{self._bot_id}:{callback_id}")
        callback.bell.ring()
        return callback

    def _forget(self, callback_id: str) -> None:
        del self._known[callback_id]
        self._store.drop("callback", f"{self._bot_id}:{callback_id}")
