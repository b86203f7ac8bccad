"""The wire form of buttons: how a typed value becomes at most 64 bytes, and is read again."""

import string
from dataclasses import fields
from typing import ClassVar, Self

DIGITS = string.digits + string.ascii_lowercase
LIMIT_BYTES = 64
HIGHEST = 2**63 - 1  # what a database column holds


class Button:
    """Subclasses are frozen dataclasses; their fields are str without ":" or int."""

    prefix: ClassVar[str]

    def wire(self) -> str:
        values = [getattr(self, f.name) for f in fields(self)]  # type: ignore[arg-type]  # subclasses are dataclasses
        parts = [_base36(value) if isinstance(value, int) else str(value) for value in values]
        if any(":" in part for part in parts):
            raise ValueError(f"button {self.prefix} has a field with a colon")
        form = ":".join([self.prefix, *parts])
        if len(form.encode()) > LIMIT_BYTES:
            raise ValueError(f"button {self.prefix} is longer than {LIMIT_BYTES} bytes")
        return form

    @classmethod
    def pattern(cls) -> str:
        """A regular expression for the router."""
        return rf"^{cls.prefix}(:|$)"

    @classmethod
    def read(cls, data: str) -> Self | None:
        """None for a form that never was, or no longer is, ours; forged ones come here, too."""
        prefix, *parts = data.split(":")
        wanted = fields(cls)  # type: ignore[arg-type]  # subclasses are dataclasses
        if prefix != cls.prefix or len(parts) != len(wanted):
            return None
        try:
            values = [
                _number(p) if f.type is int else p for f, p in zip(wanted, parts, strict=True)
            ]
        except ValueError:
            return None
        return cls(*values)


def _number(written: str) -> int:
    """Raises ValueError for all but the one way in which _base36 writes it."""
    number = int(written, 36)
    if abs(number) > HIGHEST or _base36(number) != written:
        raise ValueError("not a number of ours")
    return number


def _base36(number: int) -> str:
    if number < 0:
        return "-" + _base36(-number)
    head, last = divmod(number, 36)
    return (_base36(head) if head else "") + DIGITS[last]
