"""Translation engines that say what a test tells them."""

from collections.abc import Mapping, Sequence

from bot.core.translation_engine import EngineFailed, FailureKind


class Dictionary:
    """Knows these pairs and marks everything else; remembers what it was asked."""

    def __init__(self, pairs: Mapping[str, str] | None = None, *, name: str = "machine") -> None:
        self.name = name
        self.asked: list[list[str]] = []
        self._pairs = dict(pairs or {})

    async def translate(self, segments: Sequence[str], *, source: str, target: str) -> list[str]:
        del source
        self.asked.append(list(segments))
        return [self._pairs.get(segment, f"{target}: {segment}") for segment in segments]


class Broken(Dictionary):
    async def translate(self, segments: Sequence[str], *, source: str, target: str) -> list[str]:
        await super().translate(segments, source=source, target=target)
        raise EngineFailed(FailureKind.UNREACHABLE)


class Forgetful(Dictionary):
    """Breaks the port's promise: one answer too few."""

    async def translate(self, segments: Sequence[str], *, source: str, target: str) -> list[str]:
        return (await super().translate(segments, source=source, target=target))[1:]
