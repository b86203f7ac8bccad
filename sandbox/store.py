"""What survives a restart: JSON documents by kind and key, read from memory, written behind."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from sandbox.wire import Json, decode, encode

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID
"""
_PUT = "INSERT INTO documents VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
_DROP = "DELETE FROM documents WHERE kind = ? AND key = ?"


class Store:
    """One writer. `get` and `all` answer fresh copies: changing them changes nothing kept."""

    def __init__(self, path: str | Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(_SCHEMA)
        self._kept: dict[str, dict[str, str]] = {}
        for kind, key, value in self._db.execute("SELECT kind, key, value FROM documents"):
            self._kept.setdefault(kind, {})[key] = value
        self._unsaved: dict[tuple[str, str], str | None] = {}
        self._moving: dict[tuple[str, str], Callable[[], Json]] = {}

    def get(self, kind: str, key: str) -> Json | None:
        text = self._kept.get(kind, {}).get(key)
        return None if text is None else decode(text)

    def put(self, kind: str, key: str, value: Json) -> None:
        self.put_text(kind, key, encode(value))

    def put_text(self, kind: str, key: str, text: str) -> None:
        """`text` is JSON already."""
        self._kept.setdefault(kind, {})[key] = text
        self._unsaved[kind, key] = text

    def put_soon(self, kind: str, key: str, snapshot: Callable[[], Json]) -> None:
        """For what changes often: `snapshot` is taken once, at the next flush."""
        self._moving[kind, key] = snapshot

    def drop(self, kind: str, key: str) -> None:
        if self._kept.get(kind, {}).pop(key, None) is not None:
            self._unsaved[kind, key] = None

    def all(self, kind: str) -> Iterator[tuple[str, Json]]:
        """(key, value), in no order that means anything."""
        for key, text in list(self._kept.get(kind, {}).items()):
            yield key, decode(text)

    def texts(self, kind: str) -> list[tuple[str, str]]:
        """Like `all`, still as JSON text."""
        return list(self._kept.get(kind, {}).items())

    def flush(self) -> None:
        moving, self._moving = self._moving, {}
        for (kind, key), snapshot in moving.items():
            self.put(kind, key, snapshot())
        if not self._unsaved:
            return
        unsaved, self._unsaved = self._unsaved, {}
        self._db.execute("BEGIN")
        self._db.executemany(
            _PUT, [(kind, key, text) for (kind, key), text in unsaved.items() if text is not None]
        )
        self._db.executemany(_DROP, [place for place, text in unsaved.items() if text is None])
        self._db.execute("COMMIT")

    async def flush_regularly(self, seconds: float = 0.05) -> None:
        while True:
            await asyncio.sleep(seconds)
            self.flush()

    def close(self) -> None:
        self.flush()
        self._db.close()
