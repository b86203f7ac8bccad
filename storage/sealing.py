"""seal/open: AES-256-GCM for sensitive columns, bound to table, column and row.

A sealed value is: key id (4 bytes, from the key) | nonce (12) | ciphertext and tag. A cell moved
to another row, column or table does not open. The first key seals, all keys open, so a new key
can be put in front while old rows are still there.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_KEY_ID, _NONCE = 4, 12


class SealError(Exception):
    """The value was altered, moved, or sealed with a key that is not here."""


class Seal:
    """Never printed: it holds keys."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Each key is 32 bytes in urlsafe base64. Raises ValueError without naming the key."""
        if not keys:
            raise ValueError("at least one encryption key is needed")
        ciphers = [(_key_id(key), AESGCM(key)) for key in map(_decoded, keys)]
        self._sealing_id, self._sealing = ciphers[0]
        self._opening = dict(ciphers)

    def seal(self, text: str, *, table: str, column: str, row: int) -> bytes:
        nonce = os.urandom(_NONCE)
        bound = _bound_to(table, column, row)
        return self._sealing_id + nonce + self._sealing.encrypt(nonce, text.encode(), bound)

    def open(self, sealed: bytes, *, table: str, column: str, row: int) -> str:
        """Raises SealError."""
        cipher = self._opening.get(sealed[:_KEY_ID])
        if cipher is None:
            raise SealError(f"{table}.{column}: sealed with a key that is not configured")
        nonce, body = sealed[_KEY_ID : _KEY_ID + _NONCE], sealed[_KEY_ID + _NONCE :]
        try:
            return cipher.decrypt(nonce, body, _bound_to(table, column, row)).decode()
        except (InvalidTag, ValueError) as broken:  # ValueError: cut so short that nothing fits
            raise SealError(f"{table}.{column}: the value was altered or moved") from broken

    def __repr__(self) -> str:
        return "Seal(…)"


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def _decoded(key: str) -> bytes:
    try:
        raw = base64.b64decode(key.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise ValueError("an encryption key must be 32 bytes in urlsafe base64 (44 characters)")
    return raw


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"brueckenbot key id" + key).digest()[:_KEY_ID]


def _bound_to(table: str, column: str, row: int) -> bytes:
    return f"{table}|{column}|{row}".encode()
