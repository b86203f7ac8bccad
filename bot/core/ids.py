"""Ids for rows, and references for people."""

import secrets
import threading
import time

EPOCH_MS = 1_704_067_200_000  # 2024-01-01 UTC: keeps 41 bits of milliseconds good until 2093
_COUNTER_BITS = 22
_REFERENCE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that sound or look alike


class _Ids:
    """Time-ordered within a process; between processes 22 random bits keep ids apart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        with self._lock:
            fresh = (time.time_ns() // 1_000_000 - EPOCH_MS) << _COUNTER_BITS
            fresh |= secrets.randbits(_COUNTER_BITS - 2)
            self._last = max(fresh, self._last + 1)
            return self._last


_ids = _Ids()


def new_id() -> int:
    """64-bit, positive, rising; made before the insert, so that encryption can bind to it."""
    return _ids.next()


def new_reference(length: int = 6) -> str:
    """What a person reads out on the phone: short, random, never derived from an id."""
    return "".join(secrets.choice(_REFERENCE_LETTERS) for _ in range(length))
