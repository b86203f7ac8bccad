"""Updates waiting for the bot, and long polling for them."""

import asyncio
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sandbox.errors import ApiError
from sandbox.events import Bell
from sandbox.store import Store
from sandbox.wire import Encoded, Json, encode

_DAY = 86400
_LIFETIMES = {"callback_query": 150, "inline_query": 30}
_LONGEST_POLL = 50
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    body: Encoded
    expires: float  # Unix time
    lane: int = 0  # chat or user: updates of one lane stay in order


class Updates:
    """In order of their ids; only a higher offset or age removes one."""

    def __init__(self, bot_id: int, store: Store) -> None:
        self._bot_id = bot_id
        self._store = store
        self._waiting: dict[int, Waiting] = {}
        self.next_id = 100_000_000 + secrets.randbelow(800_000_000)
        self.allowed: list[str] = []  # empty: Telegram's default
        self.bell = Bell()
        self._next_look = 0.0

    def wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT

    def push(self, kind: str, content: Json, age: float = 0) -> int | None:
        """The update's id; None when the bot does not want this kind. `age` in seconds."""
        if not self.wanted(kind):
            return None
        return self.push_raw({"update_id": self.next_id, kind: content}, age)

    def push_raw(self, update: Json, age: float = 0) -> int:
        """Also with an id that was used before."""
        number = int(update.setdefault("update_id", self.next_id))
        self.next_id = max(self.next_id, number + 1)
        kind = next((name for name in update if name != "update_id"), "")
        expires = time.time() - age + _LIFETIMES.get(kind, _DAY)
        self._keep(number, Waiting(Encoded(encode(update)), expires, _lane(update.get(kind))))
        self.bell.ring()
        return number

    def _keep(self, number: int, waiting: Waiting) -> None:
        """Sorted: an injected update may come with an id of the past."""
        late = bool(self._waiting) and number < next(reversed(self._waiting))
        self._waiting[number] = waiting
        if late:
            self._waiting = dict(sorted(self._waiting.items()))
        kept = f'{{"expires":{waiting.expires},"update":{waiting.body}}}'
        self._store.put_text("update", f"{self._bot_id}:{number}", kept)

    def restore(self, number: int, kept: Json) -> None:
        """To be called in order of the numbers."""
        update: Json = kept["update"]
        content = next((value for name, value in update.items() if name != "update_id"), None)
        body = Encoded(encode(update))
        self._waiting[number] = Waiting(body, kept["expires"], _lane(content))

    def forget(self, numbers: Iterable[int]) -> None:
        found = [number for number in numbers if number in self._waiting]
        for number in found:
            del self._waiting[number]
            self._store.drop("update", f"{self._bot_id}:{number}")
        if found:
            self.bell.ring()

    def clear(self) -> None:
        self.forget(self._waiting)

    def confirm(self, offset: int) -> None:
        """Negative: only the last ones stay."""
        ids = list(self._waiting)
        self.forget(ids[:offset] if offset < 0 else [n for n in ids if n < offset])

    def drop_expired(self) -> None:
        """Looks once a second."""
        now = time.time()
        if now < self._next_look:
            return
        self._next_look = now + 1
        self.forget([n for n, waiting in self._waiting.items() if waiting.expires <= now])

    def in_order(self) -> Iterator[tuple[int, Waiting]]:
        yield from self._waiting.items()

    def __len__(self) -> int:
        return len(self._waiting)


class Polling:
    """One poll at a time: a new one ends the old one."""

    def __init__(self, updates: Updates) -> None:
        self._updates = updates
        self._open: asyncio.Future[None] | None = None
        self._last_offset = 0
        self._last_start = -100.0
        self._next_conflict = 0.0
        self.last_at: float | None = None  # Unix time
        self.opened = Bell()

    @property
    def is_open(self) -> bool:
        return self._open is not None and not self._open.done()

    async def get(self, offset: int, limit: int, timeout: int) -> Encoded:  # noqa: ASYNC109
        self.end(ApiError(409, _OTHER_POLL))
        limit = limit if 1 <= limit <= 100 else 100  # noqa: PLR2004
        limit, seconds = self._slowed(offset, limit, max(0, min(timeout, _LONGEST_POLL)))
        self.last_at = time.time()
        self._updates.confirm(offset)
        deadline = time.monotonic() + seconds
        while not (found := self._first(limit)):
            if not await self._until(deadline):
                break
        return Encoded(f"[{','.join(found)}]")

    def _first(self, limit: int) -> list[Encoded]:
        self._updates.drop_expired()
        return [waiting.body for _, waiting in islice(self._updates.in_order(), limit)]

    def end(self, reason: ApiError) -> None:
        if self._open is not None and self.is_open:
            self._open.set_exception(reason)

    def _slowed(self, offset: int, limit: int, seconds: int) -> tuple[int, int]:
        now = time.monotonic()
        same = offset == self._last_offset
        if same and seconds < 3 and now < self._last_start + 3:  # noqa: PLR2004
            seconds = 3
        if same and now < self._last_start + 0.5:
            limit = 1
        self._last_offset, self._last_start = offset, now
        return limit, seconds

    async def _until(self, deadline: float) -> bool:
        """Whether something came; a second conflict within three seconds is told late."""
        waiting = self._open = asyncio.get_running_loop().create_future()
        remove = self._updates.bell.add(waiting)
        self.opened.ring()
        try:
            async with asyncio.timeout(max(0, deadline - time.monotonic())):
                await waiting
        except TimeoutError:
            return False
        except ApiError:
            now = time.monotonic()
            if now < self._next_conflict:
                await asyncio.sleep(3)
            else:
                self._next_conflict = now + 3
            raise
        finally:
            remove()
        return True


def _lane(content: object) -> int:
    """The chat, or whoever it comes from, of an update's content."""
    if not isinstance(content, dict):
        return 0
    chat = content.get("chat") or content.get("message", {}).get("chat") or content.get("from")
    return int(chat["id"]) if chat else 0
