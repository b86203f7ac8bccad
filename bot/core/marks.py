"""Marks: what the bot notes about itself, such as the profile it registered last."""

from typing import Protocol


class MarkRecords(Protocol):
    async def mark(self, name: str) -> str | None: ...
    async def set_mark(self, name: str, value: str) -> None: ...
